const PAGE = '/deconnexion/';
/** The worker clears up behind sign-outs of other pages; here that is done already. */
const CLEARED = `${PAGE}?du-courrier`;

/**
 * Sign this browser out, by sending the form of the sign-out page for the person: its token can't be read from here
 * otherwise. False when the platform can't be reached; else this page is being left, and `reached` was called before.
 */
export async function endSession(reached: () => void = () => undefined): Promise<boolean> {
  try {
    const answer = await fetch(PAGE, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const form = page.querySelector<HTMLFormElement>(`form[method="post"][action="${PAGE}"]`);
    reached();
    if (form === null) {
      location.assign(PAGE);
      return true;
    }
    document.body.append(document.adoptNode(form));
    form.hidden = true;
    form.action = CLEARED;
    form.submit();
    return true;
  } catch {
    return false;
  }
}
