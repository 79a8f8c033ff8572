// Keeps a waiting page up to date: shows each change as it comes, and the outcome's page at the end.
const place = document.querySelector('[data-events]');
if (place !== null) {
  const events = new EventSource(place.dataset.events);
  events.addEventListener('progress', ({ data }) => show(JSON.parse(data)));
  events.addEventListener('outcome', () => {
    events.close();
    location.reload();
  });
}

function show(change) {
  for (const [name, text] of Object.entries(change.texts)) {
    const element = document.getElementById(name);
    if (element !== null && element.textContent !== text) element.textContent = text;
  }
  const bar = document.querySelector('progress');
  if (bar !== null && change.percent !== undefined) bar.value = change.percent;
}
