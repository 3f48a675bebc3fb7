// What the program's own window has beside a browser's page: finding words, and where a file was saved. The window's program
// tells of both by events; a browser does this itself.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);

  // --- find -----------------------------------------------------------------
  const bar = byId("find"), field = byId("find-text"), count = byId("find-count");
  const search = () => document.querySelector("main input[type=search]");
  const most = 1000; // a page can have no more that anybody would step through
  let found = [], at = -1;

  // Letters as they are compared: without case, and one for one, so that places in the text stay.
  const fold = (text) => [...text].map((char) => { const low = char.toLowerCase(); return low.length === char.length ? low : char; }).join("");

  // Words may be spread over elements: the text of a block is looked through as a whole.
  const blocks = "p, li, dt, dd, th, td, h1, h2, h3, h4, summary, label, button, a, pre, div, section, span";
  function pieces() {
    const walker = document.createTreeWalker(byId("content"), NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest("script, style, .vh, [hidden], dialog") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const all = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const block = node.parentElement.closest(blocks);
      const last = all[all.length - 1];
      if (last && last.block === block) { last.nodes.push([last.text.length, node]); last.text += node.data; }
      else all.push({ block, text: node.data, nodes: [[0, node]] });
    }
    return all;
  }

  function rangeOf(piece, from, to) {
    const range = document.createRange();
    const place = (offset) => {
      let here = piece.nodes[0];
      for (const one of piece.nodes) if (one[0] <= offset) here = one;
      return [here[1], Math.min(offset - here[0], here[1].length)];
    };
    range.setStart(...place(from));
    const [node, offset] = place(to - 1);
    range.setEnd(node, offset + 1);
    return range;
  }

  function look() {
    found = [];
    const wanted = fold(field.value.trim());
    if (wanted) {
      for (const piece of pieces()) {
        const text = fold(piece.text);
        for (let from = text.indexOf(wanted); from >= 0 && found.length < most; from = text.indexOf(wanted, from + wanted.length)) {
          const range = rangeOf(piece, from, from + wanted.length);
          if (range.getClientRects().length || piece.block.closest("details:not([open])")) found.push(range);
        }
      }
    }
    at = -1;
    if (found.length) step(1); else { mark(); count.textContent = wanted ? bar.dataset.none : ""; }
  }

  function mark() {
    if (!CSS.highlights) return;
    CSS.highlights.set("found", new Highlight(...found));
    const here = new Highlight(...(at >= 0 ? [found[at]] : []));
    here.priority = 1;
    CSS.highlights.set("found-here", here);
  }

  // What is folded away is opened: it was found, and is to be seen.
  function step(by) {
    if (!found.length) return;
    at = (at + by + found.length) % found.length;
    const element = found[at].startContainer.parentElement;
    for (let folded = element.closest("details:not([open])"); folded; folded = folded.parentElement.closest("details:not([open])")) folded.open = true;
    element.scrollIntoView({ block: "center", inline: "nearest" });
    const all = found.length < most ? String(found.length) : most + "+";
    count.textContent = bar.dataset.count.replace("{n}", at + 1).replace("{all}", all);
    mark();
  }

  let before = null; // what had the focus
  function open() {
    if (bar.hidden) before = document.activeElement;
    bar.hidden = false;
    field.focus();
    field.select();
    look();
  }

  function close() {
    bar.hidden = true;
    found = [];
    at = -1;
    mark();
    if (before && before.isConnected) before.focus();
  }

  addEventListener("consentry:find", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const wide = search();
    if (event.detail === "" && bar.hidden && wide && document.activeElement !== wide) { wide.focus(); wide.select(); return; }
    if (event.detail === "" || bar.hidden) { open(); return; }
    step(event.detail === "last" ? -1 : 1);
  });
  field.addEventListener("input", look);
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); close(); }
    if (event.key === "Enter" && event.target === field) { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-find]");
    if (!button) return;
    if (button.dataset.find === "close") close(); else step(button.dataset.find === "last" ? -1 : 1);
  });
  // A part of the page that comes anew has other text.
  document.addEventListener("htmx:after:swap", () => { if (!bar.hidden) look(); });

  // --- what the menu presses ----------------------------------------------------
  addEventListener("consentry:press", (event) => {
    const control = document.querySelector(event.detail);
    if (control && !document.querySelector("dialog[open]")) control.click();
  });

  // --- files ------------------------------------------------------------------
  const saved = byId("saved");
  addEventListener("consentry:saved", (event) => {
    const { path, failed } = event.detail;
    saved.toggleAttribute("data-bad", Boolean(failed));
    saved.hidden = false;
    saved.querySelector(".saved-words").textContent = failed ? saved.dataset.failed.replace("{why}", () => failed) : saved.dataset.saved.replace("{path}", () => path);
  });
  saved.querySelector("[data-saved-close]").addEventListener("click", () => { saved.hidden = true; });
})();
