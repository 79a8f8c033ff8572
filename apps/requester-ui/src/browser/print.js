// A button that prints the page; without JavaScript there is the browser's own.
const button = document.getElementById('print');
if (button !== null) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
