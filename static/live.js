// A polled card whose answer came from another page (the login, after a session ended) must not
// swallow that page: follow it instead.
document.addEventListener("htmx:before:response", (event) => {
  const raw = event.detail?.ctx?.response?.raw;
  if (raw?.redirected) {
    event.preventDefault();
    location.assign(raw.url);
  }
});
