"use strict";
// Uses a report's page as a reader does, and writes down what it shows.
(async function () {
  const got = {error: "", language: document.documentElement.lang};
  const $ = id => document.getElementById(id);
  const rows = () => Array.from($("flows").tBodies[0].rows).filter(row => !row.hidden);
  const wait = () => new Promise(done => setTimeout(done, 200));
  const choose = async (id, value) => {
    $(id).value = value;
    $(id).dispatchEvent(new Event("change"));
    await wait();
  };
  const type = async text => {
    $("search").value = text;
    $("search").dispatchEvent(new Event("input"));
    await wait();
  };
  try {
    await wait();
    got.shown = $("status").textContent;
    await type("ldap 636");
    got.ldap = $("status").textContent;
    await type("EVENEMENTS"); // accents and capitals do not matter
    got.accents = $("status").textContent;
    $("controls").querySelector("button[type=reset]").click();
    await wait();
    got.cleared = $("status").textContent;
    const end = Array.from($("end").options).some(option => option.value === "mongodb") ? "mongodb" : "redis";
    await choose("end", end);
    const ofEnd = rows().filter(row => [row.dataset.source, row.dataset.destination].includes(end)).length;
    got.host = (ofEnd === rows().length ? ofEnd : "not all") + " of " + end;
    await choose("end", "");
    await choose("purpose", "external");
    got.purpose = rows().length > 0 && rows().every(row => row.dataset.purpose === "external") ? "only external" : "others";
    await choose("purpose", "");
    await choose("encryption", "cleartext");
    got.encryption = rows().length > 0 && rows().every(row => row.querySelector(".clear")) ? "only cleartext" : "others";
    await choose("encryption", "");
    if ($("change")) {
      const counts = [];
      for (const value of ["opened", "closed", "unchanged"]) {
        await choose("change", value);
        counts.push(value + " " + (rows().every(row => row.dataset.change === value) ? rows().length : "and others"));
      }
      await choose("change", "");
      got.changes = counts.join(", ");
    }
    for (const order of ["ascending", "descending"]) {
      const header = $("flows").tHead.rows[0].cells[0];
      header.querySelector("button").click();
      await wait();
      const texts = rows().map(row => row.cells[0].textContent);
      const sorted = texts.slice().sort(new Intl.Collator(got.language, {numeric: true}).compare);
      if (order === "descending") sorted.reverse();
      got[order] = (texts.join() === sorted.join()) + " " + header.getAttribute("aria-sort");
    }
    got.more = $("more").hidden ? "hidden" : "shown";
    // The keyboard alone reaches all that can be used, and each says what it is.
    const usable = Array.from(document.querySelectorAll("button, input, select, a, summary, .scroll")).filter(e => e.checkVisibility());
    got.unreachable = usable.filter(e => { e.focus(); return document.activeElement !== e; }).map(e => e.outerHTML.slice(0, 80)).join();
    got.unlabelled = usable.filter(e => !(e.textContent.trim() || e.labels && e.labels.length || e.getAttribute("aria-label"))).map(e => e.outerHTML.slice(0, 80)).join();
    got.fetched = String(performance.getEntriesByType("resource").length);
  } catch (error) {
    got.error = String(error && error.stack || error);
  }
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = JSON.stringify(got);
  document.body.append(result);
})();
