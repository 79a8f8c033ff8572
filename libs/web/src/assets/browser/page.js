// What makes pages better with JavaScript; without it they work all the same.
import { initAll } from 'govuk-frontend';

document.body.classList.add('js-enabled');
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported');
initAll();

// A page that was left is not shown again from the browser's memory once its session is over.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
