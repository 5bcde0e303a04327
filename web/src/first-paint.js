/* global document */
/* Runs before anything is drawn: the theme that was chosen, from the cookie that the portal keeps too. */
(() => {
  const chosen = /(?:^|; )__Host-casier-theme=(light|dark)(?:;|$)/.exec(document.cookie)?.[1];
  if (chosen === undefined) return;
  document.documentElement.dataset.theme = chosen;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute('content', chosen);
})();
