const PAGE = '/deconnexion/';

/**
 * Sign this browser out, by sending the form of the sign-out page for the person: its token can't be read from here
 * otherwise. When that page can't be had, go there, so that they can.
 */
export async function signOut(): Promise<void> {
  try {
    const answer = await fetch(PAGE, { headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const form = page.querySelector<HTMLFormElement>(`form[method="post"][action="${PAGE}"]`);
    if (form !== null) {
      document.body.append(document.adoptNode(form));
      form.hidden = true;
      form.submit();
      return;
    }
  } catch {
    // No connection: the page itself says so.
  }
  location.assign(PAGE);
}
