"use strict";
// All names in the data are of strangers: they enter the page by textContent and canvas text only, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const state = { split: 0, price: Math.floor(data.prices.length / 2), theme: null, kind: "best save", task: "", tasks: false, sort: ["excess", -1], group: "source", find: "", examples: 6 };

  // ---- small helpers

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key === "class") node.className = value;
      else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value === true ? "" : value);
    }
    for (const child of children.flat(9)) {
      if (child !== null && child !== undefined && child !== false) node.append(child);
    }
    return node;
  }
  const bdi = text => el("bdi", {}, text);
  const known = value => value !== null && value !== undefined;
  const percent = (share, digits = 1) => known(share) ? (100 * share).toFixed(digits) + "\u00a0%" : "–";
  const unbroken = text => text.replace(/(\d|\]) %/g, "$1\u00a0%");
  const fixed = (value, digits) => known(value) ? value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1") : "–";
  const signed = (value, digits) => known(value) ? (value > 0 ? "+" : value < 0 ? "−" : "") + Math.abs(value).toFixed(digits) : "–";
  const count = n => n.toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const range = (pair, digits = 1) => known(pair[0]) ? `[${(100 * pair[0]).toFixed(digits)}, ${(100 * pair[1]).toFixed(digits)}]` : "";
  function short(value) {
    if (!known(value)) return "unknown";
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
    return String(Number(value.toPrecision(3)));
  }
  function bytes(n) { return n < 1e6 ? Math.round(n / 1e3) + " kB" : (n / 1e6).toFixed(1) + " MB"; }
  const split = () => data.splits[state.split];
  const at = () => split().at[state.price];
  const policy = name => at().policies.find(p => p.policy === name);
  const roles = () => ({ learned: "ours", oracle: "oracle", never: "never", [at().best_rule]: "rule" });
  const title = name => name === "learned" ? "Stopcast" : name;

  // ---- colours follow the page

  const color = name => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const charts = new Set();
  function setTheme() {
    root.dataset.theme = state.theme || (dark.matches ? "dark" : "light");
    for (const chart of charts) chart.redraw();
    document.querySelectorAll("canvas[data-mark]").forEach(drawSample);
  }
  dark.addEventListener("change", setTheme);

  // ---- charts: axes, scales and cursor by uPlot, marks by hand

  const ratio = () => window.devicePixelRatio || 1;
  const font = size => `${size}px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif`;

  function axis(label, values, size, extra) {
    return Object.assign({
      label, labelSize: label ? 20 : 0, labelGap: 2, size, gap: 5, font: font(12), labelFont: font(12),
      stroke: () => color("muted"), grid: { stroke: () => color("grid"), width: 1 }, ticks: { show: false },
      values: (u, ticks) => ticks.map(t => t === null ? "" : values(t)),
    }, extra || {});
  }

  /**
   * spec: height, x and y ({label, min, max, format, space}), draw(pen), hits [{x, y, lines}].
   * A pen draws in the units of the scales.
   */
  function chart(host, spec) {
    const place = el("div", { class: "plot" });
    const tip = el("div", { class: "tip", hidden: true, role: "status" });
    place.append(tip);
    host.append(place);
    const options = width => ({
      width, height: spec.height, legend: { show: false }, padding: [8, 24, 0, 0],
      cursor: { x: !!spec.crosshair, y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { time: false, range: () => [spec.x.min, spec.x.max] },
        y: { range: () => [spec.y.min, spec.y.max] },
      },
      axes: [
        axis(spec.x.label, spec.x.format, spec.x.size || 26, { space: spec.x.space || 56, splits: spec.x.splits }),
        axis(spec.y.label, spec.y.format, spec.y.size || 44, { space: spec.y.space || 38, splits: spec.y.splits }),
      ],
      series: [{}, { show: true, stroke: "transparent", points: { show: false } }],
      hooks: {
        draw: [u => spec.draw(pen(u))],
        setCursor: [u => hover(u)],
      },
    });
    function hover(u) {
      const { left, top } = u.cursor;
      let best = null;
      let distance = spec.crosshair ? Infinity : 26;
      if (left >= 0 && known(left)) {
        for (const hit of spec.hits || []) {
          const dx = u.valToPos(hit.x, "x") - left;
          const dy = u.valToPos(hit.y, "y") - top;
          const d = spec.crosshair ? Math.abs(dx) : Math.hypot(dx, dy);
          if (d < distance) { best = hit; distance = d; }
        }
      }
      tip.hidden = !best;
      if (best) {
        tip.replaceChildren(...best.lines.map((line, i) => i === 0 ? el("b", {}, bdi(line)) : el("div", {}, bdi(line))));
        const x = u.valToPos(best.x, "x") + u.over.offsetLeft;
        const y = u.valToPos(best.y, "y") + u.over.offsetTop;
        const w = tip.offsetWidth;
        const h = tip.offsetHeight;
        tip.style.left = Math.max(0, Math.min(place.clientWidth - w, x + 14 + w > place.clientWidth ? x - w - 14 : x + 14)) + "px";
        tip.style.top = Math.max(0, Math.min(spec.height - h, y - h / 2)) + "px";
      }
    }
    const handle = {
      redraw() { plot.redraw(false, true); },
      isGone: () => !place.isConnected,
      drop() { charts.delete(handle); watcher.disconnect(); plot.destroy(); },
    };
    const watcher = new ResizeObserver(() => {
      const width = place.clientWidth;
      if (width > 0 && plot.width !== width) plot.setSize({ width, height: spec.height });
    });
    const plot = new uPlot(options(Math.max(200, place.clientWidth)), [[spec.x.min, spec.x.max], [null, null]], place);
    watcher.observe(place);
    charts.add(handle);
    place.addEventListener("pointerleave", () => { tip.hidden = true; });
    return handle;
  }

  function pen(u) {
    const c = u.ctx;
    const k = ratio();
    const X = v => u.valToPos(v, "x", true);
    const Y = v => u.valToPos(v, "y", true);
    const clip = draw => {
      c.save(); c.beginPath(); c.rect(u.bbox.left, u.bbox.top - 6 * k, u.bbox.width + 8 * k, u.bbox.height + 6 * k); c.clip(); draw(); c.restore();
    };
    return {
      u, c, k, X, Y, clip,
      line(points, stroke, width = 2, dash = []) {
        clip(() => {
          c.beginPath(); c.strokeStyle = stroke; c.lineWidth = width * k; c.lineJoin = "round"; c.setLineDash(dash.map(d => d * k));
          let down = false;
          for (const [x, y] of points) {
            if (!known(y)) { down = false; continue; }
            if (down) c.lineTo(X(x), Y(y)); else c.moveTo(X(x), Y(y));
            down = true;
          }
          c.stroke();
        });
      },
      band(points, fill, alpha = .16) { // [x, low, high]
        clip(() => {
          c.beginPath(); c.globalAlpha = alpha; c.fillStyle = fill;
          points.forEach(([x, low], i) => i ? c.lineTo(X(x), Y(low)) : c.moveTo(X(x), Y(low)));
          for (const [x, , high] of points.slice().reverse()) c.lineTo(X(x), Y(high));
          c.closePath(); c.fill();
        });
      },
      mark(x, y, shape, fill, size = 5, halo = true) { clip(() => { mark(c, X(x), Y(y), shape, fill, size * k, halo ? 1.5 * k : 0); }); },
      text(text, x, y, fill, { align = "left", dx = 0, dy = 0, weight = 600, size = 12 } = {}) {
        c.save(); c.font = `${weight} ${font(size * k)}`; c.textAlign = align; c.textBaseline = "middle";
        c.lineWidth = 4 * k; c.lineJoin = "round"; c.strokeStyle = color("card"); c.strokeText(text, X(x) + dx * k, Y(y) + dy * k);
        c.fillStyle = fill; c.fillText(text, X(x) + dx * k, Y(y) + dy * k); c.restore();
      },
    };
  }

  // What is far from the screen is drawn once it comes near.
  const waiting = new Map();
  const observer = new IntersectionObserver(entries => {
    for (const entry of entries) if (entry.isIntersecting) wake(entry.target);
  }, { rootMargin: "400px" });
  function later(card, draw) { waiting.set(card, draw); observer.observe(card); }
  function wake(card) {
    const draw = waiting.get(card);
    waiting.delete(card);
    observer.unobserve(card);
    if (draw) draw();
  }
  /** Lets go of what is no longer on the page. */
  function sweep() {
    for (const chart of [...charts]) if (chart.isGone()) chart.drop();
    for (const card of [...waiting.keys()]) if (!card.isConnected) { waiting.delete(card); observer.unobserve(card); }
  }

  function mark(c, x, y, shape, fill, r, halo) {
    c.save();
    c.beginPath(); c.setLineDash([]);
    if (shape === "diamond") { c.moveTo(x, y - 1.25 * r); c.lineTo(x + 1.25 * r, y); c.lineTo(x, y + 1.25 * r); c.lineTo(x - 1.25 * r, y); c.closePath(); }
    else if (shape === "square") c.rect(x - .9 * r, y - .9 * r, 1.8 * r, 1.8 * r);
    else if (shape === "triangle") { c.moveTo(x, y - 1.15 * r); c.lineTo(x + 1.15 * r, y + .9 * r); c.lineTo(x - 1.15 * r, y + .9 * r); c.closePath(); }
    else c.arc(x, y, r, 0, 2 * Math.PI);
    if (halo) { c.strokeStyle = color("card"); c.lineWidth = 2 * halo; c.stroke(); }
    c.fillStyle = fill; c.fill();
    c.restore();
  }
  const shapes = { ours: "circle", rule: "square", oracle: "diamond", never: "triangle", other: "circle" };

  function drawSample(canvas) {
    const k = ratio();
    canvas.width = 22 * k; canvas.height = 12 * k;
    const c = canvas.getContext("2d");
    const [kind, tone] = canvas.dataset.mark.split(" ");
    if (kind === "line" || kind === "dash" || kind === "band") {
      c.strokeStyle = color(tone); c.lineWidth = (kind === "band" ? 10 : 2) * k; c.globalAlpha = kind === "band" ? .2 : 1;
      c.setLineDash(kind === "dash" ? [4 * k, 3 * k] : []);
      c.beginPath(); c.moveTo(0, 6 * k); c.lineTo(22 * k, 6 * k); c.stroke();
    } else mark(c, 11 * k, 6 * k, kind, color(tone), 4.2 * k, 0);
  }
  function legend(...entries) {
    return el("ul", { class: "legend" }, entries.filter(Boolean).map(([sample, text]) => {
      const canvas = el("canvas", { "data-mark": sample, "aria-hidden": "true" });
      drawSample(canvas);
      return el("li", {}, canvas, text);
    }));
  }
  const nice = max => { const p = Math.pow(10, Math.floor(Math.log10(max))); return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map(f => f * p).find(v => v >= max * .999) || max; };

  // ---- 1 headline

  function meter(rows, most) {
    return el("div", { class: "meter" }, rows.map(([name, role, value, text]) => {
      const fill = el("div", { class: "fill " + role });
      fill.style.width = Math.max(0, Math.min(100, 100 * value / most)) + "%";
      return [el("span", {}, name), el("span", { class: "track" }, fill), el("span", { class: "figure" }, text)];
    }));
  }
  function tile(what, value, more, ...rest) {
    return el("div", { class: "tile" }, el("div", { class: "what" }, what), el("div", { class: "value" }, value), el("div", { class: "more" }, more), rest);
  }
  function hero() {
    const a = at();
    const [ours, rule, oracle, never] = [policy("learned"), policy(a.best_rule), policy("oracle"), policy("never")];
    const most = Math.max(ours.saved, rule.saved, oracle.saved, .01);
    const lost = Math.max(ours.regret, rule.regret, oracle.regret, 1e-9);
    const loss = Math.max(ours.loss, rule.loss, never.loss);
    const chip = a.better ? ["good", "Better than the best tuned rule"] : a.worse ? ["bad", "Worse than the best tuned rule"] : ["never", "No difference from the best tuned rule shown"];
    const three = (key, scale, digits) => [["Stopcast", "ours", ours[key], percent(ours[key], digits)], ["best rule", "rule", rule[key], percent(rule[key], digits)], ["oracle", "oracle", oracle[key], percent(oracle[key], digits)]];
    return el("div", { class: "hero" },
      el("span", { class: "chip " + chip[0] }, chip[1]),
      el("h1", {}, unbroken(a.headline.lead)),
      el("p", { class: "beside" }, unbroken(a.headline.beside + " " + a.headline.verdict)),
      el("p", { class: "muted" }, unbroken(a.headline.harm + " " + a.headline.promise)),
      el("div", { class: "tiles" },
        tile("Compute saved", percent(ours.saved), "95 % interval: " + range(ours.saved_interval), meter(three("saved", most), most)),
        tile("Mean regret", percent(ours.regret, 2), "of what a task has to gain", meter(three("regret", lost, 2), lost)),
        tile("Gap to hindsight closed", percent(a.gap[0], 0), "95 % interval: " + range(a.gap.slice(1), 0),
          meter([["Stopcast", "ours", ours.loss, fixed(ours.loss, 4)], ["best rule", "rule", rule.loss, fixed(rule.loss, 4)], ["oracle", "oracle", oracle.loss, fixed(oracle.loss, 4)]], loss),
          el("div", { class: "small muted" }, "loss = regret + price × compute")),
        tile("Wins on tasks", percent(a.wins, 0), "against " + a.best_rule,
          meter([["Stopcast", "ours", a.wins, percent(a.wins, 0)], ["best rule", "rule", 1 - a.wins, percent(1 - a.wins, 0)]], 1))));
  }

  // ---- 2 trade-off

  function front(points) { // [name, compute, regret]: those that no other beats in both
    const sorted = points.slice().sort((p, q) => p[1] - q[1] || p[2] - q[2]);
    const kept = [];
    let best = Infinity;
    for (const p of sorted) if (p[2] < best - 1e-12) { kept.push(p); best = p[2]; }
    return kept;
  }
  const named = p => [p.policy, 1 - p.saved, p.regret];

  function tradeOff() {
    const s = split();
    const a = at();
    const roleOf = roles();
    const learned = a.trade_off;
    const rules = s.rules;
    const everything = [...rules, ...learned, ...a.policies.filter(p => p.policy !== "oracle").map(named)];
    const pareto = front(everything);
    const ruleFront = front(rules);
    const focus = a.policies.filter(p => p.policy in roleOf);
    const top = nice(1.45 * Math.max(.004, ...focus.map(p => Math.max(p.regret, p.regret_interval[1]))));
    const others = a.policies.filter(p => !(p.policy in roleOf) && p.policy !== "best rule on training part");
    const prices = s.oracle.map(o => o[0]);
    let slider = prices.indexOf(a.price);
    const spot = p => [1 - p.saved, p.regret];
    const lines = p => [title(p.policy), `compute used ${percent(1 - p.saved)} (saved ${percent(p.saved)} ${range(p.saved_interval)})`,
      `regret ${percent(p.regret, 2)} ${range(p.regret_interval, 2)}`, `loss ${fixed(p.loss, 4)} at price ${a.price}`];
    const hits = [
      ...rules.map(r => ({ x: r[1], y: r[2], lines: [r[0], `compute used ${percent(r[1])}`, `regret ${percent(r[2], 2)}`, "a setting of a rule for all runs"] })),
      ...learned.map(r => ({ x: r[1], y: r[2], lines: ["Stopcast, " + r[0], `compute used ${percent(r[1])}`, `regret ${percent(r[2], 2)} [${(100 * r[3]).toFixed(2)}, ${(100 * r[4]).toFixed(2)}]`] })),
      ...s.oracle.map(o => ({ x: o[1], y: o[2], lines: ["oracle at price " + o[0], `compute used ${percent(o[1])}`, `regret ${percent(o[2], 2)}`] })),
      ...others.map(p => ({ x: 1 - p.saved, y: p.regret, lines: lines(p) })),
      ...focus.map(p => ({ x: 1 - p.saved, y: p.regret, lines: lines(p) })),
    ];
    const least = points => points.reduce((b, p) => p[2] + prices[slider] * p[1] < b[2] + prices[slider] * b[1] ? p : b, points[0]);

    const output = el("output", {});
    const table = el("table", {});
    const figure = el("div", {});
    const card = el("div", { class: "card" },
      el("h3", {}, "Trade-off curve and Pareto front"),
      legend(["circle ours", "Stopcast, 95 % interval"], ["line ours", "as its threshold moves"], ["square rule", "best rule: " + a.best_rule],
        ["circle other", "every setting of every rule"], ["dash rule", "Pareto front of the rules"], ["dash text", "Pareto front of all"],
        ["diamond oracle", "oracle at this price"], ["line oracle", "at other prices"], ["triangle never", "never stop"]),
      el("div", { class: "side" }, figure,
        el("div", { class: "whatif" },
          el("label", { for: "slider" }, "What a full run's compute is worth (price): "), output,
          el("input", { id: "slider", type: "range", min: 0, max: prices.length - 1, value: slider, "aria-label": "price", oninput: e => { slider = Number(e.target.value); update(); } }),
          table,
          el("p", { class: "small muted" }, "Thresholds and settings in this small table are the best for these runs, in hindsight. The dotted line joins points that cost as much as Stopcast's best: below it is better. Tuned on the training part, as in practice, are the large marks and the table below."))),
      el("p", { class: "note" }, "Lower and further left is better. Regret: what stopping loses of the metric, in % of what the task has to gain. Compute used: share of the recorded cost. Means over runs, then over tasks. Pareto front: points that no other beats in both."));
    const drawn = chart(figure, {
      height: window.innerWidth < 600 ? 330 : 430,
      x: { label: "compute used (% of the full runs)", min: 0, max: 1.03, format: v => v > 1.001 ? "" : Math.round(100 * v) + "\u00a0%", space: 50 },
      y: { label: "mean regret (% of what a task has to gain)", min: -.03 * top, max: top, format: v => v < 0 ? "" : Number((100 * v).toPrecision(3)) + "\u00a0%", size: 50 },
      hits,
      draw(p) {
        for (const r of rules) p.mark(r[1], r[2], "circle", color("other"), 1.9, false);
        if (learned.length) p.band(learned.map(r => [r[1], r[3], r[4]]), color("ours"));
        p.line(steps(pareto), color("text"), 1, [3, 3]);
        p.line(steps(ruleFront), color("rule"), 1.4, [5, 3]);
        p.line(s.oracle.map(o => [o[1], o[2]]), color("oracle"), 1.5);
        p.line(learned.map(r => [r[1], r[2]]), color("ours"), 2);
        const best = learned.length ? least(learned) : least(ruleFront);
        const worth = prices[slider];
        const level = best[2] + worth * best[1];
        p.line([[0, level], [1, level - worth]], color("muted"), 1.3, [2, 3]);
        for (const o of others) p.mark(1 - o.saved, o.regret, "square", color("other"), 4);
        for (const f of focus) {
          const tone = color(roleOf[f.policy]);
          if (f.policy !== "never") {
            p.line([[1 - f.saved, f.regret_interval[0]], [1 - f.saved, f.regret_interval[1]]], tone, 1.5);
            p.line([[1 - f.saved_interval[0], f.regret], [1 - f.saved_interval[1], f.regret]], tone, 1.5);
          }
        }
        for (const f of focus.slice().sort((x, y) => (x.policy === "learned") - (y.policy === "learned"))) {
          const role = roleOf[f.policy];
          p.mark(1 - f.saved, f.regret, shapes[role], color(role), role === "ours" ? 7 : 5.5);
        }
        labels(p, focus.map(f => ({ text: title(f.policy), x: 1 - f.saved, y: f.regret, tone: color(roleOf[f.policy]) })));
      },
    });
    function steps(points) {
      const path = [];
      points.forEach((q, i) => { if (i) path.push([q[1], points[i - 1][2]]); path.push([q[1], q[2]]); });
      if (points.length) path.push([1, points[points.length - 1][2]]);
      return path;
    }
    function update() {
      const price = prices[slider];
      output.textContent = String(price);
      const row = (name, role, p, note) => {
        const loss = p[2] + price * p[1];
        return el("tr", {}, el("td", {}, el("span", { class: role }, name), note ? el("div", { class: "interval" }, bdi(note)) : null), el("td", {}, percent(1 - p[1], 0)), el("td", {}, percent(p[2], 1)), el("td", {}, fixed(loss, 4)));
      };
      table.replaceChildren(
        el("thead", {}, el("tr", {}, ["", "saved", "regret", "loss"].map(h => el("th", {}, h)))),
        el("tbody", {},
          learned.length ? row("Stopcast", "ours", least(learned), least(learned)[0]) : null,
          row("best rule", "rule", least(ruleFront), least(ruleFront)[0]),
          row("oracle", "oracle", s.oracle[slider]),
          row("never", "never", ["", 1, 0])));
      drawn.redraw();
    }
    update();
    return card;
  }

  /** Labels beside their marks; one that would lie on another goes to another side. */
  function labels(p, wanted) {
    const taken = wanted.map(w => ({ l: p.X(w.x) - 8 * p.k, r: p.X(w.x) + 8 * p.k, t: p.Y(w.y) - 8 * p.k, b: p.Y(w.y) + 8 * p.k }));
    const { left, top, width, height } = p.u.bbox;
    p.c.font = `600 ${font(12 * p.k)}`;
    for (const w of wanted) {
      const size = p.c.measureText(w.text).width;
      const h = 9 * p.k;
      for (const [dx, dy] of [[14, -14], [14, 14], [-14, -14], [-14, 14], [14, -30], [-14, -30], [14, 30], [-14, 30]]) {
        const x = p.X(w.x) + dx * p.k;
        const y = p.Y(w.y) + dy * p.k;
        const box = dx > 0 ? { l: x, r: x + size, t: y - h, b: y + h } : { l: x - size, r: x, t: y - h, b: y + h };
        const inside = box.l > left && box.r < left + width + 8 * p.k && box.t > top - 6 * p.k && box.b < top + height;
        if (inside && taken.every(t => box.r < t.l || box.l > t.r || box.b < t.t || box.t > t.b)) {
          taken.push(box);
          p.text(w.text, w.x, w.y, w.tone, { align: dx > 0 ? "left" : "right", dx, dy });
          break;
        }
      }
    }
  }

  function policies() {
    const a = at();
    const roleOf = roles();
    const rows = a.policies.slice().sort((p, q) => p.loss - q.loss);
    const verdict = p => p.holm === null ? "" : `${p.rank > 0 ? "better" : p.rank < 0 ? "worse" : "even"}, p ${p.holm < .001 ? "< .001" : p.holm.toFixed(3)}`;
    return el("div", {},
      el("h3", {}, "Every policy at this price"),
      el("p", { class: "small muted" }, unbroken("Each rule is tuned on the training part only. The best of them is picked in hindsight, which favours the rules. NRU: 0 is hindsight, 1 is never stopping. In brackets 95 % intervals over tasks. Last column: Wilcoxon's signed-rank test over tasks, adjusted by Holm.")),
      el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, ["policy", "saved", "mean regret", "loss", "NRU", "regret > 2 %", "worst 5 %", "Stopcast is"].map(h => el("th", { scope: "col" }, h)))),
        el("tbody", {}, rows.map(p => el("tr", { class: roleOf[p.policy] },
          el("td", {}, title(p.policy), p.policy === a.best_rule ? el("span", { class: "flag" }, "best rule") : null),
          el("td", {}, percent(p.saved), " ", el("span", { class: "interval" }, range(p.saved_interval))),
          el("td", {}, percent(p.regret, 2), " ", el("span", { class: "interval" }, range(p.regret_interval, 2))),
          el("td", {}, fixed(p.loss, 4)), el("td", {}, fixed(p.nru, 3)), el("td", {}, percent(p.false_stops)), el("td", {}, percent(p.worst)), el("td", {}, verdict(p))))))),
      el("p", { class: "small muted" }, "Compute saved at a mean regret of ",
        a.matched.map(([regret, ours, rule], i) => `${i ? "; " : ""}${percent(regret)}: Stopcast ${percent(ours)}, rules ${percent(rule)}`),
        " (threshold and setting picked in hindsight)."));
  }

  // ---- 3 tasks

  const columns = [
    ["task", "task", r => r.task], ["runs", "runs", r => r.runs], ["saved", "saved", r => r.saved, r => percent(r.saved)],
    ["regret", "mean regret", r => r.regret, r => percent(r.regret, 2)], ["p95", "p95 regret", r => r.p95, r => percent(r.p95, 1)],
    ["worst", "worst case", r => r.worst, r => percent(r.worst, 1)], ["wins", "wins", r => r.wins, r => percent(r.wins, 0)],
    ["loss", "loss", r => r.loss, r => fixed(r.loss, 4)], ["rule", "best rule's", r => r.rule, r => fixed(r.rule, 4)],
    ["excess", "difference", r => r.loss - r.rule, r => signed(r.loss - r.rule, 4)],
  ];
  function tasks() {
    const host = el("div", {});
    const body = el("tbody", {});
    const head = el("tr", {});
    const more = el("div", { class: "more-row" });
    const rows = at().tasks;
    function fill() {
      const [key, sign] = state.sort;
      const value = columns.find(c => c[0] === key)[2];
      const wanted = rows.filter(r => `${r.source} ${r.task} ${r.family} ${r.metric}`.toLowerCase().includes(state.find.toLowerCase()));
      wanted.sort((p, q) => { const [x, y] = [value(p), value(q)]; return sign * (x < y ? -1 : x > y ? 1 : 0) || (p.task < q.task ? -1 : 1); });
      const limit = state.tasks ? wanted.length : 15;
      head.replaceChildren(...columns.map(([k, name]) => el("th", { scope: "col", "aria-sort": k === key ? (sign > 0 ? "ascending" : "descending") : null },
        el("button", { type: "button", onclick: () => { state.sort = [k, k === key ? -sign : k === "task" ? 1 : -1]; fill(); } }, name))));
      body.replaceChildren(...wanted.slice(0, limit).map(r => el("tr", {}, columns.map(([k, , v, show]) => k === "task"
        ? el("td", { title: `${r.source}: ${r.task}` }, bdi(r.task), r.few ? el("span", { class: "flag", title: `fewer than ${data.few} runs` }, "few runs") : null)
        : el("td", { class: k === "excess" ? (v(r) < 0 ? "good" : v(r) > 0 ? "bad" : "") : "", title: k === "worst" ? "run " + r.worst_run : null }, show ? show(r) : v(r))))));
      more.replaceChildren(wanted.length > 15 ? el("button", { type: "button", onclick: () => { state.tasks = !state.tasks; fill(); } }, state.tasks ? "Show fewer" : `Show all ${wanted.length} tasks`) : "");
    }
    const search = el("input", { type: "search", placeholder: "Find a task", "aria-label": "Find a task", value: state.find, oninput: e => { state.find = e.target.value; fill(); } });
    fill();
    host.append(el("div", { class: "tools" }, search), el("div", { class: "scroll" }, el("table", { id: "task-rows" }, el("thead", {}, head), body)), more,
      el("p", { class: "small muted" }, `Difference: loss beside the best rule; negative is better. Wins: runs that lose less than under the best rule. p95: one run in twenty regrets more. “few runs”: fewer than ${data.few}, so the row says little.`));
    return host;
  }
  function groups() {
    const host = el("div", {});
    function fill() {
      const by = new Map();
      for (const r of at().tasks) {
        if (!by.has(r[state.group])) by.set(r[state.group], []);
        by.get(r[state.group]).push(r);
      }
      const mean = (list, f) => list.reduce((s, r) => s + f(r), 0) / list.length;
      const rows = [...by].sort((p, q) => q[1].length - p[1].length || (p[0] < q[0] ? -1 : 1));
      host.replaceChildren(
        el("div", { class: "tools" }, choice("Sums by", [["source", "source"], ["family", "family"], ["metric", "metric"]], state.group, g => { state.group = g; fill(); })),
        el("div", { class: "scroll" }, el("table", {},
          el("thead", {}, el("tr", {}, [state.group, "tasks", "runs", "saved", "mean regret", "worst case", "wins on tasks", "loss", "best rule's", "oracle's", "gap closed"].map(h => el("th", { scope: "col" }, h)))),
          el("tbody", {}, rows.map(([name, list]) => {
            const [ours, rule, oracle] = [mean(list, r => r.loss), mean(list, r => r.rule), mean(list, r => r.oracle)];
            return el("tr", {}, el("td", { title: name }, bdi(name)), el("td", {}, list.length), el("td", {}, count(list.reduce((s, r) => s + r.runs, 0))),
              el("td", {}, percent(mean(list, r => r.saved))), el("td", {}, percent(mean(list, r => r.regret), 2)), el("td", {}, percent(Math.max(...list.map(r => r.worst)), 1)),
              el("td", {}, percent(mean(list, r => r.loss < r.rule ? 1 : r.loss > r.rule ? 0 : .5), 0)),
              el("td", {}, fixed(ours, 4)), el("td", {}, fixed(rule, 4)), el("td", {}, fixed(oracle, 4)), el("td", {}, rule > oracle ? fixed(1 - (ours - oracle) / (rule - oracle), 2) : "–"));
          })))));
    }
    fill();
    return host;
  }

  // ---- 4 intermediate values

  const kinds = [["best save", "Best saves"], ["worst harm", "Worst harm"], ["borderline", "Borderline"], ["random sample", "Random sample"]];
  function example(e) {
    const run = data.runs[e.run];
    const plot = el("div", { class: "plot" });
    plot.style.minHeight = "228px";
    const stopped = m => m[4];
    const row = (name, role, m) => [el("span", { class: role }, name), el("span", {}, stopped(m) ? String(m[0]) : "end"), el("span", {}, percent(1 - m[1], 0)), el("span", {}, percent(m[2], 1))];
    const card = el("article", { class: "run" },
      el("h3", { title: run.run }, "Run ", bdi(run.run)), el("div", { class: "task", title: `${run.source}: ${run.task}` }, bdi(run.task)), el("div", { class: "task" }, bdi(run.metric), run.goal === "max" ? ", larger is better" : ", smaller is better"),
      el("div", { class: "kinds" }, e.kinds.map(k => el("span", {}, k)), el("span", {}, "ended: " + run.end)),
      plot,
      el("div", { class: "stops" }, ["stop of", "at step", "saved", "regret"].map(h => el("span", { class: "head" }, h)),
        row("Stopcast", "ours", e.ours), row(at().best_rule, "rule", e.rule), row("oracle", "oracle", e.oracle)),
      why(e));
    later(card, () => values(plot, e, run));
    return card;
  }
  function why(e) {
    if (!e.drivers.length) return null;
    const most = Math.max(...e.drivers.map(d => Math.abs(d[1])));
    return el("details", {}, el("summary", {}, e.reason ? "Why it stopped" : "What moved it at the end"),
      e.reason ? el("p", { class: "reason" }, e.reason) : null,
      el("div", { class: "drivers" }, e.drivers.map(([group, part, feature, value]) => {
        const bar = el("i", { class: part < 0 ? "against" : "" });
        bar.style.left = (part < 0 ? 50 - 50 * Math.abs(part) / most : 50) + "%";
        bar.style.width = 50 * Math.abs(part) / most + "%";
        return [el("span", { title: `${feature} = ${short(value)}` }, group), el("span", { class: "track2" }, bar), el("span", {}, signed(part, 2))];
      })),
      el("p", { class: "small muted" }, "Shapley values in log-odds, by group of features; to the right speaks for stopping. Strongest: ", `${e.drivers[0][2]} = ${short(e.drivers[0][3])}.`));
  }
  function values(host, e, run) {
    const finite = run.y.filter(known).slice().sort((p, q) => p - q);
    if (!finite.length) return;
    const q = f => finite[Math.round(f * (finite.length - 1))];
    let [low, high] = [q(0), q(1)];
    const marks = [["oracle", e.oracle], ["rule", e.rule], ["ours", e.ours]];
    const shown = marks.map(m => m[1][3]).filter(known);
    // A first value that is out of all proportion would flatten the rest.
    if (run.goal === "min" && high - low > 4 * (q(.93) - low)) high = Math.max(low + 1.6 * (q(.93) - low), ...shown);
    if (run.goal === "max" && high - low > 4 * (high - q(.07))) low = Math.min(high - 1.6 * (high - q(.07)), ...shown);
    if (high <= low) { high = low + Math.max(1e-9, Math.abs(low) * .1); low -= high - low; }
    const span = high - low;
    const floor = low - .45 * span; // below the curve: the score
    const strip = v => floor + .27 * span * v;
    const last = run.x[run.x.length - 1];
    const from = run.x[0];
    const width = Math.max(1, last - from);
    const scale = v => short(v);
    chart(host, {
      height: 228, crosshair: true,
      x: { label: "step", min: from - .02 * width, max: last + .03 * width, format: v => v >= from && v <= last ? compact(v) : "", space: 60 },
      y: { label: "", min: floor - .02 * span, max: high + .08 * span, format: v => v >= low - .02 * span ? scale(v) : "", size: 52, space: 34 },
      hits: run.x.map((x, i) => ({ x, y: known(run.y[i]) ? Math.min(high, Math.max(low, run.y[i])) : low, lines: [`${run.metric} ${short(run.y[i])}`, "step " + x, known(e.scores[i]) ? `score ${e.scores[i].toFixed(2)}` : "not asked yet"] })),
      draw(p) {
        p.band(run.x.map((x, i) => [x, floor, known(e.scores[i]) ? strip(e.scores[i]) : floor]), color("ours"), .22);
        p.line(run.x.map((x, i) => [x, known(e.scores[i]) ? strip(e.scores[i]) : null]), color("ours"), 1);
        if (known(e.threshold)) p.line([[from, strip(e.threshold)], [last, strip(e.threshold)]], color("ours"), 1, [3, 3]);
        p.line(run.x.map((x, i) => [x, known(run.y[i]) ? Math.min(high + .05 * span, Math.max(low - .03 * span, run.y[i])) : null]), color("text"), 1.4);
        for (const [role, m] of marks) if (m[4]) p.line([[m[0], floor], [m[0], high + .08 * span]], color(role), role === "ours" ? 1.8 : 1.2, role === "ours" ? [] : [4, 3]);
        for (const [role, m] of marks) p.mark(m[0], known(m[3]) ? Math.min(high, Math.max(low, m[3])) : low, shapes[role], color(role), role === "ours" ? 5 : 4.2);
        p.text("score", from, strip(1.12), color("ours"), { dx: 2, weight: 500, size: 10 });
      },
    });
  }
  function compact(v) { return Math.abs(v) >= 1e6 ? Number((v / 1e6).toPrecision(3)) + "M" : Math.abs(v) >= 1e4 ? Number((v / 1e3).toPrecision(3)) + "k" : String(Number(v.toPrecision(6))); }

  function examples() {
    const host = el("div", {});
    const grid = el("div", { class: "grid" });
    const more = el("div", { class: "more-row" });
    const all = at().examples;
    const taskNames = [...new Set(all.map(e => data.runs[e.run].source + "\u0000" + data.runs[e.run].task))].sort();
    function fill() {
      const wanted = all.filter(e => state.task ? data.runs[e.run].source + "\u0000" + data.runs[e.run].task === state.task : e.kinds.includes(state.kind));
      const saved = e => 1 - e.ours[1];
      const net = e => e.ours[2] - at().price * saved(e);
      if (!state.task && state.kind === "best save") wanted.sort((p, q) => saved(q) - saved(p));
      if (!state.task && state.kind === "worst harm") wanted.sort((p, q) => net(q) - net(p));
      if (!state.task && state.kind === "borderline") wanted.sort((p, q) => Math.abs(net(p)) - Math.abs(net(q)));
      grid.replaceChildren(...(wanted.length ? wanted.slice(0, state.examples).map(example) : [el("p", { class: "muted" }, "No judged run is of this kind.")]));
      if (host.isConnected) sweep();
      more.replaceChildren(wanted.length > state.examples ? el("button", { type: "button", onclick: () => { state.examples += 12; fill(); } }, `Show more (${wanted.length - state.examples})`) : "");
    }
    const pick = choice("Show", kinds, state.kind, k => { state.kind = k; state.task = ""; select.value = ""; state.examples = 6; fill(); });
    const select = el("select", { "aria-label": "Filter by task", onchange: ev => { state.task = ev.target.value; state.examples = 12; fill(); } },
      el("option", { value: "" }, "of all tasks"), taskNames.map(name => el("option", { value: name }, name.split("\u0000")[1])));
    if (!taskNames.includes(state.task)) state.task = "";
    select.value = state.task;
    fill();
    host.append(el("div", { class: "tools" }, pick, select),
      legend(["line text", "reported values"], ["circle ours", "Stopcast stops"], ["square rule", at().best_rule + " stops"], ["diamond oracle", "oracle stops"], ["band ours", "Stopcast's score, 0 to 1"], ["dash ours", "from which on it stops"]),
      grid, more);
    return host;
  }

  // ---- 5 can it be trusted

  const unit = { min: -.02, max: 1.02, format: v => v < 0 || v > 1.001 ? "" : Math.round(100 * v) + "\u00a0%" };
  function reliability() {
    const bins = at().reliability;
    const card = el("div", { class: "card" }, el("h3", {}, "Reliability diagram"));
    if (!bins.length) { card.append(el("p", { class: "muted" }, "This policy does not say how likely it is that stopping is right.")); return card; }
    const figure = el("div", {});
    card.append(legend(["circle ours", "held-out points, 95 % interval over tasks"], ["dash muted", "as it should be"]), figure,
      el("p", { class: "note" }, "When it says that stopping is right with this probability, how often was it? Dots grow with the share of points. Points of one run, and of one task, are not independent."));
    later(card, () => chart(figure, {
      height: 300,
      x: Object.assign({ label: "said: P(stopping is right)", space: 44 }, unit), y: Object.assign({ label: "was right", size: 48 }, unit),
      hits: bins.map(b => ({ x: b[0], y: b[1], lines: [`said ${percent(b[0])}`, `was right ${percent(b[1])} ${range([b[2], b[3]])}`, `${percent(b[4])} of points, ${b[5]} tasks`] })),
      draw(p) {
        p.line([[0, 0], [1, 1]], color("muted"), 1.2, [4, 4]);
        for (const b of bins) p.line([[b[0], b[2]], [b[0], b[3]]], color("ours"), 1.6);
        for (const b of bins) p.mark(b[0], b[1], "circle", color("ours"), 3 + 9 * Math.sqrt(b[4]));
      },
    }));
    return card;
  }
  function promises() {
    const card = el("div", { class: "card" }, el("h3", {}, "Promised against observed"));
    if (!data.promises.length) {
      card.append(el("p", {}, "No promise was tried: ask for one by --max-regret or --mean-regret. The harm above is an average over past runs."));
    } else {
      card.append(el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, ["promise", "at most", "observed", "95 %", "saved", "units", ""].map(h => el("th", {}, h)))),
        el("tbody", {}, data.promises.map(p => el("tr", {}, el("td", {}, bdi(p.words)), el("td", {}, percent(p.promised)), el("td", {}, percent(p.observed)), el("td", {}, range(p.interval)), el("td", {}, percent(p.saved)), el("td", {}, count(p.units)), el("td", { class: p.held ? "good" : "bad" }, p.held ? "held" : "NOT held")))))));
    }
    const quantiles = at().quantiles;
    card.append(el("h3", { class: "spaced" }, "Quantile coverage"));
    if (!quantiles.length) card.append(el("p", { class: "muted" }, "This policy does not say what gain is still to come."));
    else {
      card.append(el("div", { class: "bars" }, quantiles.map(([promised, observed, low, high, n]) => {
        const bar = el("i", {}); bar.style.width = 100 * observed + "%"; bar.style.left = "0";
        const whisker = el("b", {}); whisker.style.left = 100 * low + "%"; whisker.style.width = 100 * (high - low) + "%";
        return [el("span", {}, `should be ${percent(promised, 0)}`), el("span", { class: "track2" }, bar, whisker), el("span", {}, percent(observed)),
          el("span", { class: "what" }, `of points gained no more than the ${promised === .5 ? "median" : promised + " quantile"} that was told; 95 %: ${range([low, high])}, ${n} tasks`)];
      })), el("p", { class: "note" }, "The gain still to come of a run's best value, told beforehand as median and .9 quantile. Often there is none, and then any quantile covers it."));
    }
    return card;
  }
  const groupWords = {
    time: "how much of the plan is done", since: "how old the best value is", bests: "how often new bests came", level: "how far the value is below its best",
    gain: "what was gained lately", log: "what is left on a logarithmic curve", noise: "how noisy the curve is", slope: "lines through the recent curve",
    ahead: "extrapolation of the curve", train: "the training loss beside it", prior: "what earlier runs of the task did", context: "what is known of the run beforehand",
  };
  function importances() {
    const rows = at().importances;
    const card = el("div", { class: "card" }, el("h3", {}, "Parameter importances: permutation"));
    if (!rows.length) { card.append(el("p", { class: "muted" }, "This policy has no features.")); return card; }
    const most = Math.max(1e-9, ...rows.map(r => r[2] + r[3]));
    card.append(el("div", { class: "bars" }, rows.map(([group, features, rise, deviation, moved]) => {
      const bar = el("i", { class: rise < 0 ? "against" : "" });
      bar.style.left = "0"; bar.style.width = 100 * Math.max(0, Math.min(1, rise / most)) + "%";
      const whisker = el("b", {});
      whisker.style.left = 100 * Math.max(0, (rise - deviation) / most) + "%"; whisker.style.width = 100 * Math.max(0, Math.min(rise, deviation) + deviation) / most + "%";
      return [el("span", { title: `${features} features` }, group), el("span", { class: "track2" }, bar, whisker), el("span", {}, signed(100 * rise, 1) + " %"),
        el("span", { class: "what" }, `${groupWords[group] || "features of this group"} · moves P by ${fixed(100 * moved, 1)} points`)];
    })), el("p", { class: "note" }, "By how much the loss of the answers rises when a group's features are taken from another held-out point (log loss, each point weighing what a wrong answer costs there; five shuffles, line: standard deviation), and by how many points the probability P moves on average. Groups that say the same can stand in for each other."));
    return card;
  }
  function byShare() {
    const rows = at().by_share;
    const card = el("div", { class: "card" }, el("h3", {}, "Quality against the share of the run seen"));
    if (!rows.length) { card.append(el("p", { class: "muted" }, "There are no held-out points of a learned policy.")); return card; }
    const figure = el("div", {});
    card.append(legend(["line ours", "Stopcast's answer is right"], ["line never", "going on is right"]), figure,
      el("p", { class: "note" }, "Of held-out points at this share of the run's cost: how often “stop” or “go on” was right in hindsight. One who never stops is right where going on is."));
    const x = r => (r[0] + r[1]) / 2;
    later(card, () => chart(figure, {
      height: 300, crosshair: true,
      x: { label: "share of the run's cost spent", min: 0, max: 1, format: v => Math.round(100 * v) + "\u00a0%", space: 44 }, y: Object.assign({ label: "answers that are right", size: 48 }, unit),
      hits: rows.map(r => ({ x: x(r), y: r[2], lines: [`${percent(r[0], 0)} to ${percent(r[1], 0)} of the run`, `Stopcast right ${percent(r[2])}`, `going on right ${percent(r[3])}`, `wrong answers cost ${fixed(r[4], 4)}, going on ${fixed(r[5], 4)}`, `${count(r[6])} points`] })),
      draw(p) {
        p.line(rows.map(r => [x(r), r[3]]), color("never"), 2);
        p.line(rows.map(r => [x(r), r[2]]), color("ours"), 2.2);
        for (const r of rows) { p.mark(x(r), r[3], "triangle", color("never"), 3.6); p.mark(x(r), r[2], "circle", color("ours"), 4); }
      },
    }));
    return card;
  }
  function learningCurve() {
    const card = el("div", { class: "card" }, el("h3", {}, "Quality against the number of runs in the history"));
    const curve = data.learning_curves.find(c => c.price === at().price);
    if (!curve) {
      card.append(el("p", {}, "Not measured, since it means training again for each number. Ask for it with --learning-curve."));
      return card;
    }
    const rows = curve.rows;
    const figure = el("div", {});
    const top = Math.max(1, ...rows.flatMap(r => [r[1], r[2]]));
    const xs = rows.map(r => Math.log2(r[0]));
    const [a, b] = [Math.min(...xs), Math.max(...xs)];
    card.append(legend(["circle ours", "Stopcast"], ["square rule", "best rule"]), figure,
      el("p", { class: "note" }, "Known tasks, with at most so many runs of each to learn from. NRU: 0 is hindsight, 1 is never stopping."));
    later(card, () => chart(figure, {
      height: 300, crosshair: true,
      x: { label: "runs of a task in the history, at most", min: a - .3, max: b + .3, splits: () => xs, format: v => String(Math.round(2 ** v)), space: 30 },
      y: { label: "NRU (lower is better)", min: 0, max: top * 1.08, format: v => String(Number(v.toPrecision(2))), size: 44 },
      hits: rows.map(r => ({ x: Math.log2(r[0]), y: r[1], lines: [`${r[0]} runs`, `Stopcast NRU ${fixed(r[1], 3)}`, `${r[3]} NRU ${fixed(r[2], 3)}`, `gap closed ${fixed(r[4], 2)} [${fixed(r[5], 2)}, ${fixed(r[6], 2)}]`] })),
      draw(p) {
        p.line(rows.map(r => [Math.log2(r[0]), r[2]]), color("rule"), 2); p.line(rows.map(r => [Math.log2(r[0]), r[1]]), color("ours"), 2.2);
        for (const r of rows) { p.mark(Math.log2(r[0]), r[2], "square", color("rule"), 4); p.mark(Math.log2(r[0]), r[1], "circle", color("ours"), 4.5); }
      },
    }));
    return card;
  }

  // ---- 6 data and provenance

  const questions = {
    "known": "Runs of tasks that it had other configurations of to learn from.", "unseen-task": "Whole tasks that it had never seen; near-duplicates are held out together.",
    "unseen-source": "Whole sources that it had never seen.", "time": "Runs that started later than all it learned from.", "success": "Runs that ended at their target.",
  };
  function dataQuality() {
    const h = data.history;
    const facts = (pairs) => el("dl", {}, pairs.filter(Boolean).map(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]));
    return [
      el("div", { class: "two" },
        el("div", { class: "card" }, el("h3", {}, "What was read"), facts([
          ["runs", count(h.runs)], ...h.usability.map(([why, n]) => [why.split(":")[0], el("span", { title: why }, count(n))]),
          ["lines skipped", count(h.skipped)], ["exact duplicates", `${count(h.duplicates)} of the scored runs have the very values of another`],
          ["learned from as well", `${count(h.further_runs)} shipped runs of other tasks, never judged`],
          ["ends", h.ends.map(([end, n, scored]) => `${end} ${count(n)}${scored ? "" : " (not scored)"}`).join(", ")],
        ]), el("p", { class: "note" }, "A run that did not end by itself is censored: nobody knows what stopping it would have lost, so it is never judged.")),
        el("div", { class: "card" }, el("h3", {}, "Splits and leakage"), data.splits.map(s => el("div", {},
          el("p", {}, el("b", {}, s.split), ` · ${count(s.runs)} runs of ${count(s.tasks)} tasks · horizon ${s.horizon}`), el("p", { class: "small muted" }, questions[s.split] || ""),
          facts([
            ["same name or settings in training", `${count(s.leakage.sameConfiguration)} of ${count(s.leakage.judged)}`],
            ["same values in training", `${count(s.leakage.sameCurve)} of ${count(s.leakage.judged)}`],
            ["other runs of the task in training", `${count(s.leakage.sameTask)} of ${count(s.leakage.judged)}`],
            s.not_judged.runs > 0 ? ["not judged", `${count(s.not_judged.runs)} runs of ${count(s.not_judged.tasks)} tasks, which ${s.not_judged.why}`] : null,
          ]))),
          el("p", { class: "note" }, "Counted for each judged run against what was learned from before it was judged. Under unseen-task runs of other tasks may have the same name by coincidence. Thresholds, settings of rules, priors and calibration see the training part only."))),
      el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, ["source", "tasks", "runs", "scored", "censored", "plan known"].map(x => el("th", { scope: "col" }, x)))),
        el("tbody", {}, h.sources.map(([source, n, runs, scored, censored, plan]) => el("tr", {}, el("td", { title: source }, bdi(source)), [n, runs, scored, censored].map(v => el("td", {}, count(v))), el("td", {}, percent(plan / runs, 0))))))),
    ];
  }
  function provenance() {
    const m = data.model;
    const p = data.protocol;
    const l = data.latency;
    const facts = pairs => el("dl", {}, pairs.filter(Boolean).map(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]));
    const thresholds = pairs => pairs.map(([price, score]) => `${score} at price ${price}`).join(", ");
    const us = ns => (ns / 1000).toFixed(2) + " µs";
    return [
      el("div", { class: "two" },
        el("div", { class: "card" }, el("h3", {}, "Latency of a score"), l
          ? [el("table", {}, el("thead", {}, el("tr", {}, ["", "median", "p99"].map(x => el("th", {}, x)))), el("tbody", {},
            el("tr", {}, el("td", {}, "plain Java"), el("td", {}, us(l.javaMedian)), el("td", {}, us(l.javaP99))),
            el("tr", {}, el("td", {}, "ONNX Runtime, same model, same rows"), el("td", {}, us(l.onnxMedian)), el("td", {}, us(l.onnxP99))),
            el("tr", {}, el("td", {}, "ratio"), el("td", {}, "×" + (l.onnxMedian / l.javaMedian).toFixed(1)), el("td", {}, "×" + (l.onnxP99 / l.javaP99).toFixed(1))))),
          el("p", { class: "note" }, "Measured by this report, in turns, means over ten calls. The ratio travels to other machines; the times do not.")]
          : el("p", {}, "Not measured, so that the same input gives the same file: ask for it with --latency. docs/speed.md has measurements.")),
        el("div", { class: "card" }, el("h3", {}, "Versions"), facts([
          ["Stopcast", data.version], ["feature schema", `v${p.schema}, ${p.features} features, sha256 ${p.schema_sha256.slice(0, 16)}…`], ["model format", p.model_format],
          ["protocol", `${p.folds} folds, seed ${p.seed}; 10,000 bootstrap draws over tasks, stratified by source`], ["history sha256", data.history.sha256], ["charts", "uPlot " + p.uplot],
        ]))),
      el("div", { class: "card" }, el("h3", {}, "Model card"), m
        ? [facts([
          ["model sha256", m.sha256], ["size", `${bytes(m.bytes)}, ${m.trees} trees, ${m.features} features`], ["trained on", m.history_sha256 ? (m.history_sha256 === data.history.sha256 ? "this history" : "ANOTHER history, sha256 " + m.history_sha256) : "unknown"],
          ["knows earlier runs of", `${count(m.tasks_known)} tasks`], ["stops from this score on", `${thresholds(m.thresholds)}; tasks without a history: ${thresholds(m.thresholds_alone)}`],
        ]),
        m.card ? el("details", {}, el("summary", {}, "The card as it was published"), el("pre", {}, m.card)) : null,
        m.provenance ? el("details", {}, el("summary", {}, "Provenance of the trees"), el("pre", {}, m.provenance)) : null,
        el("p", { class: "note" }, "All numbers above are of models that were trained anew in each fold by the same recipe: this file itself has seen the runs that are judged here.")]
        : el("p", {}, "No published model belongs to this report. All numbers above are of models that were trained anew in each fold by one recipe; name a model with --model to show its card.")),
    ];
  }

  // ---- the page

  function choice(label, options, chosen, pick) {
    const group = el("span", { role: "group", "aria-label": label });
    const buttons = options.map(([value, name]) => el("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => {
      buttons.forEach(b => b.setAttribute("aria-pressed", "false"));
      buttons[options.findIndex(o => o[0] === value)].setAttribute("aria-pressed", "true");
      pick(value);
    } }, name));
    group.append(...buttons);
    return el("span", { class: "choice" }, el("span", {}, label), group);
  }
  const sections = [
    ["trade-off", "Trade-off", "What is saved, and what it costs"],
    ["tasks", "Tasks", "Task by task"],
    ["values", "Intermediate values", "Intermediate values: runs, and where they were stopped"],
    ["trust", "Trust", "Can it be trusted?"],
    ["data", "Data and provenance", "Data, model and provenance"],
  ];
  function section(id, intro, ...content) {
    return el("section", { id }, el("h2", {}, sections.find(s => s[0] === id)[2]), intro ? el("p", { class: "intro" }, intro) : null, content);
  }
  function render() {
    const a = at();
    const main = document.getElementById("content");
    const keep = window.scrollY;
    main.replaceChildren(
      hero(),
      section("trade-off", null, tradeOff(), policies()),
      section("tasks", `The learned policy on each task at price ${a.price}, beside ${a.best_rule}, the best rule over all tasks. Sorted by where it loses most; click a column to sort by it.`, tasks(), el("div", { class: "spaced" }, groups())),
      section("values", "Runs as they were recorded, to their end, and where each policy would have ended them. Below each curve Stopcast's score: once it reaches the dashed line the run is stopped.", examples()),
      section("trust", `From ${count(a.points)} points of judged runs, at most 24 a run and 30 runs a task, asked of the model that had not seen the run, whether it was stopped before or not.`,
        el("div", { class: "two" }, el("div", { class: "stack" }, reliability(), importances()), el("div", { class: "stack" }, promises(), byShare(), learningCurve()))),
      section("data", null, dataQuality(), el("div", { class: "spaced" }), provenance()));
    sweep();
    window.scrollTo(0, keep);
  }
  function bar() {
    const theme = el("button", { type: "button", "data-theme-button": true, "aria-label": "Switch between light and dark", onclick: () => { state.theme = root.dataset.theme === "dark" ? "light" : "dark"; setTheme(); } }, "◐");
    return el("div", {}, el("span", { class: "name" }, "Stopcast report"),
      data.splits.length > 1 ? choice("Split", data.splits.map((s, i) => [i, s.split]), state.split, i => { state.split = i; render(); }) : el("span", { class: "choice" }, `Split: ${data.splits[0].split}`),
      data.prices.length > 1 ? choice("Price", data.prices.map((p, i) => [i, String(p)]), state.price, i => { state.price = i; render(); }) : el("span", { class: "choice" }, `Price: ${data.prices[0]}`),
      theme, el("nav", { "aria-label": "Sections" }, sections.map(([id, name]) => el("a", { href: "#" + id }, name))));
  }
  setTheme();
  document.getElementById("bar").append(bar());
  render();
  // Paper is white, and shows what was not scrolled to as well.
  let before = null;
  window.addEventListener("beforeprint", () => { before = state.theme; state.theme = "light"; [...waiting.keys()].forEach(wake); setTheme(); });
  window.addEventListener("afterprint", () => { state.theme = before; setTheme(); });
  root.dataset.ready = "true";
})();
