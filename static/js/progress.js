// Keeps a page about running work current. Without it, the page's own Refresh link does the same.
(function () {
  "use strict";
  async function refresh() {
    const shown = document.getElementById("progress");
    if (!shown || !("moving" in shown.dataset)) return;
    if (!shown.contains(document.activeElement)) { // nobody loses the button they are about to press
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("progress");
        if (answer.ok && fresh) shown.replaceWith(fresh);
      } catch { return; } // signed out, or a verification is asked for: the link leads there
    }
    setTimeout(refresh, 2000);
  }
  setTimeout(refresh, 2000);
})();
