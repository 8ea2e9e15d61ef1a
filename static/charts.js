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
  const hours = (value) => (value < 100 ? duration(value * 3600) : `${fixed(value, 1)} h`);
  const percent = (ratio) => `${fixed(ratio * 100, 1)} %`;
  const number = (value) => fixed(value, 1);
  const text = (value) => value;
  const first = (items) => (Array.isArray(items) ? items[0] : items);
  const at = (say) => (items) => `${first(items).name}\n${say(first(items).value)}`;
  const formatters = {
    duration,
    percent,
    number,
    text,
    bar: (item) => number(item.value),
    h: (item) => hours(item.value),
    share_within: (items) => {
      const [seconds, share] = first(items).value;
      return `${percent(share)} within ${duration(seconds)}`;
    },
    count_at: at((value) => `${number(value)} incidents`),
    hours_at: at((value) => `${hours(value)} uncovered`),
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
    if ("$format" in value) return formatters[value.$format];
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
