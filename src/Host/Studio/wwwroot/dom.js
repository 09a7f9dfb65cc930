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

let hiding;

export function notify(text, isError = false) {
  const notice = document.getElementById('notice');
  notice.textContent = text;
  notice.classList.toggle('vm-error', isError);
  notice.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { notice.hidden = true; }, isError ? 15000 : 5000);
}

export const when = text => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

// Runs again and again until the view is left; a failure is shown once and tried again.
export async function poll(milliseconds, signal, step) {
  while (!signal.aborted) {
    await step();
    await new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }
}
