// A page outside of the session, in a browser that has one: the way back in.
// app.js has left there where it is, in a storage that other ports, unlike with
// cookies, do not see.
(() => {
  "use strict";
  if (document.querySelector("[data-over]")) return; // the program is about to end
  let home = null;
  try { home = localStorage.getItem("consentry-home"); } catch { /* this browser keeps nothing */ }
  if (!home) return;
  fetch(home + "presence").then((answer) => {
    if (!answer.ok) return; // that session has ended
    const within = (path) => home + path.replace(/^\/s\/[^/]*/, "").replace(/^\//, "");
    const links = document.querySelectorAll("[data-home]");
    for (const link of links) { link.href = within(link.getAttribute("href")); link.hidden = false; }
    if (links.length) links[0].focus();
    if (links.length) return;
    location.replace(location.pathname === "/start" ? home : within(location.pathname) + location.search + location.hash);
  }).catch(() => { /* the program has ended */ });
})();
