// A polled card whose answer came from another page (the login, after a session ended) must not
// swallow that page: follow it instead.
document.addEventListener("htmx:before:response", (event) => {
  const raw = event.detail?.ctx?.response?.raw;
  if (raw?.redirected) {
    event.preventDefault();
    location.assign(raw.url);
  }
});

// What somebody has opened on the card stays open when the next answer replaces it.
let opened = [];
document.addEventListener("htmx:before:swap", () => {
  opened = [...document.querySelectorAll("details[id][open]")].map((each) => each.id);
});
document.addEventListener("htmx:after:swap", () => {
  for (const id of opened) {
    document.getElementById(id)?.setAttribute("open", "");
  }
});
