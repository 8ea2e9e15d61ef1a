// Draws every [data-chart] as SVG. Option objects come from the server; here only the theme's
// colours ("@token") and the named formatters ({"$format": name}) are filled in.
(() => {
  "use strict";
  const fixed = (value, digits) =>
    Number(value).toLocaleString("en", { maximumFractionDigits: digits });
  const two = (value, large, largeUnit, small, smallUnit) => {
    const rest = Math.floor((value % large) / small);
    const words = `${Math.floor(value / large)} ${largeUnit}`;
    return rest ? `${words} ${rest} ${smallUnit}` : words;
  };
  const duration = (seconds) => {
    const whole = Math.round(seconds);
    if (seconds < 10) return `${fixed(seconds, 1)} s`;
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return two(whole, 60, "min", 1, "s");
    if (whole < 86370) return two(Math.round(whole / 60) * 60, 3600, "h", 60, "min");
    return `${fixed(whole / 86400, 1)} d`;
  };
  const hours = (value) => (value > 0 && value < 100 ? duration(value * 3600) : `${fixed(value, 1)} h`);
  const percent = (ratio) => `${fixed(ratio * 100, 1)} %`;
  const number = (value) => fixed(value, 1);
  const text = (value) => value;
  const points = (value) => `${fixed(value * 100, 1)} points`.replace("-", "\u2212");
  const plain = (value) => String(Number(Number(value).toPrecision(3)));
  const minutes = (value) => duration(value * 60);
  const small = (value) =>
    value !== 0 && Math.abs(value) < 0.1 ? String(Number(value.toPrecision(2))) : number(value);
  // Kinds of numbers, as app/reports/units.py names them.
  const kinds = {
    duration, hours, minutes, points, plain, text,
    share: percent, count: small, number: small,
  };
  const second = (value) => (Array.isArray(value) ? value[1] : value);
  // A tooltip of all lines at one x: its name, then each value.
  const tip = (x, y) => (found) => {
    const items = [found].flat();
    const head = x === "text" ? items[0].name : kinds[x](items[0].value[0]);
    const lines = items
      .filter((item) => second(item.value) !== null && second(item.value) !== undefined)
      .map((item) => `${item.seriesName}: ${kinds[y](second(item.value))}`);
    return [head, ...lines].join("\n");
  };
  const roles = {
    bar: (kind) => (item) => kinds[kind](second(item.value)),
    cell: (kind) => (item) => `${item.value[3]}\n${kinds[kind](item.value[2])}`,
    node: () => (item) => item.data.said ?? "",
    tip,
  };
  const formatter = (words) => {
    const [role, ...rest] = words.split(" ");
    return role in roles ? roles[role](...rest) : kinds[role];
  };

  // Custom properties hold light-dark(): only a used colour is resolved for the current theme.
  const probe = document.createElement("i");
  probe.hidden = true;
  const colour = (token) => {
    probe.style.color = `var(--chart-${token})`;
    return getComputedStyle(probe).color;
  };
  const filled = (value) => {
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value === "string") return value.startsWith("@") ? colour(value.slice(1)) : value;
    if (value === null || typeof value !== "object") return value;
    if ("$format" in value) return formatter(value.$format);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each)]));
  };

  const draw = (holder) => {
    const chart =
      echarts.getInstanceByDom(holder) ?? echarts.init(holder, null, { renderer: "svg" });
    const option = filled(JSON.parse(holder.dataset.chart));
    const { fontFamily } = getComputedStyle(document.body);
    option.textStyle = { fontFamily, fontSize: 13 };
    option.tooltip.textStyle.fontFamily = fontFamily;
    chart.setOption(option, true);
    return chart;
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(probe);
    const holders = [...document.querySelectorAll("[data-chart]")];
    const sizes = new ResizeObserver((entries) => {
      for (const { target } of entries) echarts.getInstanceByDom(target)?.resize();
    });
    for (const holder of holders) {
      draw(holder);
      sizes.observe(holder);
    }
    document.addEventListener("tacit:theme", () => holders.forEach(draw));
  });
})();
