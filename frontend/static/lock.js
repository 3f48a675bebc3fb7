// Before a profile is open: the other tabs of this browser are told that it is locked, and this
// one goes on as soon as one of them shows it again.
(() => {
  "use strict";
  const again = () => location.replace(location.pathname + location.search);
  if ("BroadcastChannel" in window) {
    const tabs = new BroadcastChannel("consentry");
    if (document.querySelector("[data-locked]")) tabs.postMessage("locked");
    tabs.addEventListener("message", (event) => { if (event.data === "open") again(); });
  }
  // What the back button brings is asked for anew.
  window.addEventListener("pageshow", (event) => { if (event.persisted) again(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
    const chosen = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (chosen) { event.preventDefault(); chosen.click(); }
  });
})();
