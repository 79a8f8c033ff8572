// Sorts a table in place: fetches the page that the column's link leads to, and puts its table here. The link does the same
// without JavaScript, by going there.
const place = document.querySelector('[data-sortable]');
const said = document.getElementById('sorted');

place?.addEventListener('click', async (event) => {
  const link = event.target.closest('thead a');
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (link === null || !isPlain) return;
  event.preventDefault();
  const column = [...link.closest('tr').children].indexOf(link.closest('th'));
  try {
    const answer = await fetch(link.href, { headers: { accept: 'text/html' }, redirect: 'error' });
    if (!answer.ok) throw new Error('not sorted');
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    place.replaceChildren(...page.querySelector('[data-sortable]').children);
  } catch {
    // Signed out meanwhile, or the app is down: its own page says so.
    location.assign(link.href);
    return;
  }
  history.replaceState(null, '', link.href);
  const heading = place.querySelector(`thead th:nth-child(${column + 1})`);
  heading.querySelector('a').focus({ preventScroll: true });
  said.textContent = `Sorted by ${heading.dataset.name}, ${heading.getAttribute('aria-sort')}`;
});
