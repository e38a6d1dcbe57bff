"use strict";
(function () {
  const most = 500;
  const table = document.getElementById("flows");
  const body = table.tBodies[0];
  const search = document.getElementById("search");
  const end = document.getElementById("end");
  const purpose = document.getElementById("purpose");
  const encryption = document.getElementById("encryption");
  const change = document.getElementById("change"); // null: no other deployment is given
  const status = document.getElementById("status");
  const more = document.getElementById("more");
  const fold = text => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
  let rows = Array.from(body.rows, (row, i) => ({
    row, place: i, text: null,
    ends: [row.dataset.source, row.dataset.destination],
    purpose: row.dataset.purpose, encryption: row.dataset.encryption, change: row.dataset.change,
  }));
  let all = false;

  function matches(r, words) {
    if (end.value && !r.ends.includes(end.value)) return false;
    if (purpose.value && r.purpose !== purpose.value) return false;
    if (encryption.value && !r.encryption.split(" ").includes(encryption.value)) return false;
    if (change && change.value && r.change !== change.value) return false;
    if (words.length === 0) return true;
    if (r.text === null) r.text = fold(r.row.textContent);
    return words.every(word => r.text.includes(word));
  }
  function show() {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let found = 0, shown = 0;
    for (const r of rows) {
      const is = matches(r, words);
      if (is) found++;
      const visible = is && (all || found <= most);
      if (visible) shown++;
      if (r.row.hidden === visible) r.row.hidden = !visible;
    }
    status.textContent = (shown === found ? found : shown + " / " + found) + " / " + rows.length + " " + status.dataset.shown;
    more.hidden = shown === found;
  }
  let waiting = 0;
  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(show, 80);
  }

  const collator = new Intl.Collator(document.documentElement.lang, {numeric: true});
  for (const header of table.tHead.rows[0].cells) {
    header.querySelector("button").addEventListener("click", () => {
      const column = header.cellIndex;
      const down = header.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      for (const r of rows) r.key = r.row.cells[column].textContent.trim();
      rows.sort((a, b) => (down ? -1 : 1) * collator.compare(a.key, b.key) || a.place - b.place);
      body.append(...rows.map(r => r.row));
      show();
    });
  }
  search.addEventListener("input", soon);
  for (const select of [end, purpose, encryption, change].filter(Boolean)) select.addEventListener("change", show);
  document.getElementById("controls").addEventListener("submit", event => { event.preventDefault(); show(); });
  document.getElementById("controls").addEventListener("reset", () => setTimeout(() => { all = false; show(); }));
  more.addEventListener("click", () => { all = true; show(); });
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    for (const details of opened) details.open = true;
    all = true;
    show();
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    all = false;
    show();
  });
  document.getElementById("controls").hidden = false;
  show();
})();
