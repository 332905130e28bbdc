// Small comforts; every page works without them.
(() => {
  "use strict";

  const zoned = { datetime: { dateStyle: "medium", timeStyle: "short" }, date: { dateStyle: "medium" }, day: { dateStyle: "medium", timeZone: "UTC" } };

  // Where a moment needs two lines, they end between date and time, never before AM or PM.
  function shown(format, moment) {
    const parts = format.formatToParts(moment);
    return parts.map(({ value }, i) => (parts[i + 1]?.type === "dayPeriod" ? value.replaceAll(" ", "\u00a0") : value)).join("");
  }

  function showTimes(root) {
    const language = document.documentElement.lang || undefined;
    const exact = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long" });
    for (const time of root.querySelectorAll("time[data-when]")) {
      const moment = new Date(time.dateTime);
      if (Number.isNaN(moment.getTime())) continue;
      const options = zoned[time.dataset.when];
      if (time.dataset.when !== "day") time.title = exact.format(moment);
      if (options) time.textContent = shown(new Intl.DateTimeFormat(language, options), moment);
    }
  }

  function offerCopies(root) {
    if (!navigator.clipboard) return;
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  }

  async function copy(button) {
    const source = button.parentElement.querySelector("[data-copy-source]");
    await navigator.clipboard.writeText(source.textContent);
    const label = button.getAttribute("aria-label");
    button.classList.add("copied");
    button.setAttribute("aria-label", button.dataset.copied);
    setTimeout(() => {
      button.classList.remove("copied");
      button.setAttribute("aria-label", label);
    }, 2000);
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    closeMenus(event.target.closest("details.menu"));
  });
  // The second half of a double click must not send a form twice; where the answer never comes, it may be sent again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  showTimes(document);
  offerCopies(document);
  document.querySelector("[data-focus]")?.focus();
})();
