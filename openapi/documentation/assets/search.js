"use strict";
// The search. Its data is a script that is loaded when someone searches.
(() => {
  const box = document.querySelector(".search");
  if (!box) return;
  const input = box.querySelector("input");
  const list = document.getElementById("found");
  const LIMIT = 40;
  const CHINESE = /^[\u3400-\u9fff]+$/;
  const WORD = /[\u3400-\u9fff]+|[^\s\u3400-\u9fff]+/g;
  const COMMON = new Set("a an and are by can do does for from how i if in is it my of on or the to use what when where which with".split(" "));
  // Someone who searches for a plain word wants to use the API. Some pages give only reasons, and each
  // code of a mistake has a name of several words.
  const WEIGHTS = [[/^guide-/, 1.5], [/^(decisions|questions|changes)\.html/, 0.2], [/#code-/, 0.3], [/(?:)/, 1]];
  const SENTENCE = /(?<=[。！？；])|(?<=[.!?;]) |\n/;
  const ADDRESS = /^(GET|POST|PUT|PATCH|DELETE) \//; // method, path and operationId: no sentence
  const EXCERPT = 140;
  let sections = null;
  let selected = -1;
  box.hidden = false;
  if (matchMedia("(hover: hover) and (pointer: fine)").matches) input.placeholder = input.dataset.hint;

  // A script, because a page from a file may not read another file in any other way.
  function load() {
    if (load.started) return;
    load.started = true;
    const script = document.createElement("script");
    script.src = document.body.dataset.search;
    script.onload = () => {
      sections = window.documentationSections.map(section);
      search();
    };
    script.onerror = () => show([message(list.dataset.failed)]);
    document.head.append(script);
  }

  // Anchors and texts of folded samples stand beside the prose of a section.
  function section([title, address, prose, page, samples = []]) {
    const text = [prose, ...samples.map(([, code]) => code)].join("\n");
    return {
      title, address, prose, text, page, samples, anchor: address.toLowerCase().split("#")[1],
      low: title.toLowerCase(), body: `${title} ${text}`.toLowerCase(),
      weight: WEIGHTS.find(([pattern]) => pattern.test(address))[1],
    };
  }

  // Chinese has no spaces, so several words look like one. If a text does not have it as a whole, at
  // least half of its pairs of characters must be there.
  function similarity(text, word) {
    if (!CHINESE.test(word) || word.length < 3) return 0;
    const pairs = Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2));
    const share = pairs.filter((pair) => text.includes(pair)).length / pairs.length;
    return share < 0.5 ? 0 : share;
  }

  // The words of a query, without punctuation at their end, and without words that every text has.
  function wordsOf(query) {
    const all = (query.toLowerCase().match(WORD) || []).map((word) => word.replace(/(?<=.)[?？!！。，,.;；]+$/, ""));
    const rare = all.filter((word) => !COMMON.has(word));
    return rare.length ? rare : all;
  }

  // A section with its points, and the number of words that it does not have.
  function rated(section, words, phrase) {
    let points = 0;
    let missing = 0;
    for (const word of words) {
      const own = section.low === word || section.anchor === word ? 100 : section.weight * wordPoints(section, word);
      if (own) points += own;
      else missing += 1;
    }
    if (words.length > 1) {
      if (section.low.includes(phrase)) points += 40 * section.weight;
      else if (section.body.includes(phrase)) points += 10 * section.weight;
    }
    return { section, points, missing };
  }

  function wordPoints(section, word) {
    if (section.low.startsWith(word)) return 40;
    if (section.low.includes(word)) return 20;
    const times = section.body.split(word).length - 1;
    if (times) return 5 + Math.min(times, 5);
    return similarity(section.low, word) * 4 || similarity(section.body, word);
  }

  function search() {
    const query = input.value.trim();
    if (!query || !sections) {
      close();
      return;
    }
    const words = wordsOf(query);
    const all = sections.map((section) => rated(section, words, query.toLowerCase()));
    // Sections with all words; if there are none, those that miss the fewest.
    const fewest = all.reduce((least, { missing }) => Math.min(least, missing), words.length - 1);
    const found = all
      .filter(({ points, missing }) => points && missing <= fewest)
      .sort((a, b) => b.points - a.points)
      .slice(0, LIMIT);
    show(found.length
      ? found.map(({ section }) => result(section, words))
      : [message(list.dataset.none.replace("{}", query))]);
  }

  function show(children) {
    list.replaceChildren(...children);
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    select(0);
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function message(text) {
    const line = document.createElement("p");
    line.textContent = text;
    return line;
  }

  function result(section, words) {
    const link = document.createElement("a");
    const sentence = bestSentence(section, words);
    link.href = placeOf(section, sentence);
    link.id = `found-${section.address}`;
    link.setAttribute("role", "option");
    link.tabIndex = -1;
    link.append(...marked(section.title, words));
    const place = document.createElement("small");
    place.append(`${section.page} · `, ...marked(excerpt(sentence, words), words));
    link.append(place);
    return link;
  }

  // The section, or the sample in it that has the sentence, which opens.
  function placeOf({ address, prose, samples }, sentence) {
    if (!sentence || prose.includes(sentence)) return address;
    const sample = samples.find(([, code]) => code.includes(sentence));
    return sample ? `${address.split("#")[0]}#${sample[0]}` : address;
  }

  // The sentence that has most of the words.
  function bestSentence(section, words) {
    let best = "";
    let most = -1;
    for (const sentence of section.text.split(SENTENCE)) {
      const low = sentence.toLowerCase();
      const count = words.filter((word) => low.includes(word)).length - (ADDRESS.test(sentence) ? 0.5 : 0);
      if (sentence.trim() && count > most) [best, most] = [sentence.trim(), count];
    }
    return best;
  }

  // A sentence; of a long one, the part around the first of the words.
  function excerpt(best, words) {
    const low = best.toLowerCase();
    const at = Math.min(...words.map((word) => low.indexOf(word)).filter((index) => index >= 0), best.length);
    const from = at === best.length || at < 50 ? 0 : boundary(best, at - 16);
    const to = boundary(best, from + EXCERPT);
    return (from ? "…" : "") + best.slice(from, to).replace(from ? /^[\s，。、；：,.;:]+/ : /^\s+/, "").trimEnd() + (to < best.length ? "…" : "");
  }

  // The nearest place at or before `at` where no word of letters and digits is cut.
  function boundary(text, at) {
    let place = Math.min(at, text.length);
    while (place > 0 && place < text.length && at - place < 40 && /[\w/{}.-]{2}/.test(text.slice(place - 1, place + 1))) place -= 1;
    return place;
  }

  function marked(text, words) {
    const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    return text.split(new RegExp(`(${pattern})`, "i")).map((part, index) => {
      if (index % 2 === 0) return part;
      const element = document.createElement("mark");
      element.textContent = part;
      return element;
    });
  }

  function options() {
    return [...list.querySelectorAll("[role=option]")];
  }

  function select(index) {
    const all = options();
    if (!all.length) return;
    selected = (index + all.length) % all.length;
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === selected)));
    all[selected].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[selected].id);
  }

  input.addEventListener("focus", load);
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter ends the composition of Chinese
    if (event.key === "ArrowDown") select(selected + 1);
    else if (event.key === "ArrowUp") select(selected - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && !list.hidden && options().length) options()[selected].click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", ({ target }) => {
    if (target.closest("a")) close();
  });
  document.addEventListener("click", ({ target }) => {
    if (!target.closest(".search")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
