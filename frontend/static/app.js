// What plain HTML cannot do, and nothing else: every page works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const says = document.body.dataset; // what the script itself has to say, in the page's language
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Say it to those who listen: screen readers read a live region when it changes.
  function announce(words) {
    const region = document.getElementById("announcer");
    if (!region || !words) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = words; }, 60);
  }

  // --- where the session is ---------------------------------------------------
  // A page outside of it, such as the bank's return, leads back by this (home.js).
  const home = document.querySelector(".nav-brand").pathname;
  try { localStorage.setItem("consentry-home", home); } catch { /* this browser keeps nothing */ }

  // --- presence ---------------------------------------------------------------
  // Banks are asked in your name only while a page is open, be it behind others:
  // there browsers let this run once a minute.
  const covered = (answer) => { if (answer.status === 423 || answer.status === 401) cover(); };
  const here = () => fetch(home + "presence").then(covered).catch(() => { /* the program has ended */ });
  setInterval(here, 60000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) here(); });

  // --- what came of it --------------------------------------------------------
  // What a page says of what was just done is said to those who listen, too.
  announce((document.querySelector("[data-said]") || {}).textContent);

  // --- the lock -----------------------------------------------------------------
  // A page of a locked program shows nothing any more: it becomes the page that asks for the
  // passphrase, be it that another tab or the time has locked it.
  const cover = () => { root.hidden = true; location.replace(location.pathname + location.search); };
  if ("BroadcastChannel" in window) {
    const tabs = new BroadcastChannel("consentry");
    tabs.postMessage("open");
    tabs.addEventListener("message", (event) => { if (event.data === "locked") cover(); });
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) here(); });
  // What the person does is told now and then; that the page is open says nothing of them.
  const lockAfter = 1000 * Number(says.lockAfter || 0);
  if (lockAfter) {
    let acted = Date.now(), toldAt = acted;
    const act = (event) => {
      if (!event.isTrusted) return;
      acted = Date.now();
      if (acted - toldAt < Math.min(15000, lockAfter / 4)) return;
      toldAt = acted;
      fetch(home + "presence", { method: "POST" }).then(covered).catch(() => { /* the program has ended */ });
    };
    for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) document.addEventListener(kind, act, { passive: true, capture: true });
    setInterval(() => { if (Date.now() - acted >= lockAfter) here(); }, 2000);
  }

  // --- keys -----------------------------------------------------------------
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
  // Keys of a single letter can be switched off (WCAG 2.1.4). A cookie keeps
  // the choice: it knows no ports, and the program has another at each start.
  const keysOff = () => /(^|; )consentry-keys=off/.test(document.cookie);
  let goes = 0; // when "g" was pressed

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (keysOff() || typing(event.target) || document.querySelector("dialog[open]")) return;
    const place = Date.now() - goes < 1200 && document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    goes = 0;
    if (place) { event.preventDefault(); place.click(); return; }
    if (event.key === "g") { goes = Date.now(); return; }
    if (event.key === "/") {
      const field = document.querySelector("input[type=search]");
      if (field) { event.preventDefault(); field.focus(); field.select(); }
    }
    const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (pressed) { event.preventDefault(); pressed.click(); }
    if (event.key === "?") { event.preventDefault(); show(document.getElementById("keys")); }
  });

  const keysOn = document.getElementById("keys-on");
  if (keysOn) {
    keysOn.checked = !keysOff();
    keysOn.addEventListener("change", () => {
      document.cookie = `consentry-keys=${keysOn.checked ? "on" : "off"}; Path=/; SameSite=Strict; Max-Age=31536000`;
    });
  }

  // --- dialogs --------------------------------------------------------------
  // <dialog> traps the focus itself and gives it back, unless what opened it
  // was replaced meanwhile: then it goes to the element that took its place.
  function show(dialog) {
    if (!dialog || dialog.open) return;
    const opener = document.activeElement;
    const id = opener && opener.id;
    dialog.addEventListener("close", () => {
      if (dialog.parentElement && dialog.parentElement.id === "dialogs") dialog.remove();
      const back = opener && opener.isConnected ? opener : id && document.getElementById(id);
      if (back) back.focus();
    }, { once: true });
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-show], [data-close], [data-copy], [data-print]");
    if (!target) return;
    if (target.dataset.show) show(document.getElementById(target.dataset.show));
    if (target.dataset.copy) copy(target);
    if (target.hasAttribute("data-print")) window.print();
    const dialog = target.hasAttribute("data-close") && target.closest("dialog");
    if (dialog) { event.preventDefault(); dialog.close(); }
  });

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const label = button.querySelector("[data-label]") || button;
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(source.textContent);
      label.textContent = says.copied;
    } catch {
      getSelection().selectAllChildren(source);
      label.textContent = says.selected;
    }
    announce(label.textContent);
    setTimeout(() => { label.textContent = before; }, 2000);
  }

  // --- what is folded -------------------------------------------------------
  // What a person folds or unfolds stays so on the next page. How large the window is decides
  // before they have; the program needs to know it when it makes the page, so that nothing jumps.
  const keep = (name, value) => { document.cookie = `consentry-${name}=${value}; Path=/; SameSite=Strict; Max-Age=31536000`; };
  const measure = () => keep("window", `${innerWidth}x${innerHeight}`);
  measure();
  addEventListener("resize", measure);
  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-fold] > summary");
    if (fold) keep(`fold-${fold.parentElement.dataset.fold}`, fold.parentElement.open ? "folded" : "open");
  });

  // --- theme ----------------------------------------------------------------
  // The choice is shown at once and stored by the same form that works without script.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme;
    for (const button of all("[data-theme-form] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    const body = new URLSearchParams({ [event.submitter.name]: theme });
    fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } })
      .then((answer) => { if (!answer.ok) announce(says.themeLost); })
      .catch(() => announce(says.themeLost));
  }, true);

  // --- forms ----------------------------------------------------------------
  // Who touches what counts with one answer only has chosen that answer.
  document.addEventListener("input", (event) => {
    const part = event.target.closest("[data-chooses]");
    if (part) document.getElementById(part.dataset.chooses).checked = true;
  });

  // --- what was typed before --------------------------------------------------
  // A page can be typed into before htmx listens, which it does from its own next moment
  // on. What changed until then is said of the form: no field is touched by saying so.
  const changed = (field) => /^(checkbox|radio)$/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  setTimeout(() => {
    for (const form of all("form")) {
      if (all("input, textarea", form).some(changed)) form.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // --- sending --------------------------------------------------------------
  // A form is sent once, and a page that takes its time shows so at once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.hasAttribute("data-download")) return; // the page stays, and may ask again
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    if (form.method === "post" && !form.target) form.setAttribute("data-sent", "");
    if (!form.target) root.setAttribute("data-busy", "");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const leaves = link.origin === location.origin && !link.target && !link.hasAttribute("download");
    const stays = link.pathname === location.pathname && link.search === location.search;
    if (leaves && !stays) root.setAttribute("data-busy", "");
  });
  // A link into another tab opens one, however often it is clicked in a row.
  const opened = new WeakMap();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[target]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.timeStamp - (opened.get(link) ?? -Infinity) < 2000) event.preventDefault();
    else opened.set(link, event.timeStamp);
  }, true);
  window.addEventListener("pageshow", () => {
    leftAt = 0;
    root.removeAttribute("data-busy");
    for (const form of all("form[data-sent]")) form.removeAttribute("data-sent");
  });

  // --- after htmx has put something new into the page -------------------------
  document.addEventListener("htmx:finally:request", (event) => {
    if (polls(event)) return; // nobody pressed anything
    root.removeAttribute("data-busy");
    for (const form of all("form[data-sent]")) form.removeAttribute("data-sent");
  });
  const part = (event) => event.detail && event.detail.ctx && event.detail.ctx.target;
  // Enter in a search that leads somewhere goes to the first of what was found.
  let leads = null;
  document.addEventListener("submit", (event) => { leads = event.target.hasAttribute("data-leads") ? event.target : null; }, true);
  document.addEventListener("input", () => { leads = null; });
  document.addEventListener("htmx:after:swap", (event) => {
    const into = leads && document.querySelector(leads.getAttribute("hx-target"));
    if (!into || !part(event) || into.id !== part(event).id) return;
    leads = null;
    const first = into.querySelector("a");
    if (first) first.focus();
  });
  // What has the focus may be replaced. What took its place has it then, else what comes first
  // in the new part.
  let had = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const active = document.activeElement, into = part(event);
    had = into && into.contains && active !== document.body && into.contains(active) ? { id: active.id, part: into.id } : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (had && document.activeElement === document.body) {
      const into = had.part && document.getElementById(had.part) || document.getElementById("content");
      const back = had.id && document.getElementById(had.id) || into.querySelector("a[href], button, input:not([type=hidden]), select, textarea");
      (back || document.getElementById("content")).focus({ preventScroll: true });
    }
    had = null;
  });
  // The link to older entries gives way to them: the focus goes to the first.
  let above = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const target = event.detail && event.detail.ctx && event.detail.ctx.target;
    above = target && target.matches && target.matches(".older") ? target.previousElementSibling : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    for (let next = above && above.nextElementSibling; next; next = next.nextElementSibling) {
      const link = next.querySelector("a");
      if (link) { link.focus({ preventScroll: true }); break; }
    }
    above = null;
    show(document.querySelector("#dialogs > dialog:not([open])"));
    const news = document.querySelector("[data-announce]");
    if (news && news.textContent !== last) announce(last = news.textContent);
  });
  let last = (document.querySelector("[data-announce]") || {}).textContent;

  // --- pages that look for news -----------------------------------------------
  // A page on its way is not to be overtaken by a reload of the present one.
  let leftAt = 0;
  window.addEventListener("beforeunload", () => { leftAt = Date.now(); });
  const leaving = () => root.hasAttribute("data-busy") || Date.now() - leftAt < 10000;
  const polls = (event) => /^every /.test(event.target.getAttribute && event.target.getAttribute("hx-trigger") || "");
  for (const moment of ["htmx:before:request", "htmx:before:response"]) {
    document.addEventListener(moment, (event) => { if (polls(event) && leaving()) event.preventDefault(); });
  }
  // The program may have ended: say so instead of doing nothing.
  const gone = document.getElementById("gone");
  document.addEventListener("htmx:error", (event) => {
    const context = event.detail && event.detail.ctx;
    if (leaving() && polls(event)) return;
    if (gone && context && !context.response) gone.hidden = false;
    else announce(says.failed);
  });
  document.addEventListener("htmx:after:request", () => { if (gone) gone.hidden = true; });

  // A logo that cannot be loaded gives way to the initials behind it.
  document.addEventListener("error", (event) => {
    if (event.target.matches && event.target.matches(".logo img")) event.target.remove();
  }, true);
  for (const image of all(".logo img")) if (image.complete && !image.naturalWidth) image.remove();
})();
