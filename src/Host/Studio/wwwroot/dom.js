// Small pieces of page.

export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

export const chip = state => el('span', { class: 'vm-chip', 'data-state': state }, state);

// A table with a row of headings; each cell is a text or an element.
export const table = (headings, rows) => el('table', {},
  el('thead', {}, el('tr', {}, ...headings.map(heading => el('th', { scope: 'col' }, heading)))),
  el('tbody', {}, ...rows.map(row)));

export const row = cells => el('tr', {}, ...cells.map(cell => el('td', {}, cell)));

let hiding;

export function complain(error) {
  const notice = document.getElementById('notice');
  notice.textContent = error.message;
  notice.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { notice.hidden = true; }, 15000);
}

// A handler that shows what goes wrong.
export const attempt = action => () => action().catch(complain);

export const when = text => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

// Runs again and again until the view is left; that the server is gone is said elsewhere.
export async function poll(milliseconds, signal, step) {
  while (!signal.aborted) {
    await step().catch(error => { if (!signal.aborted && error.status !== 0) complain(error); });
    await new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }
}
