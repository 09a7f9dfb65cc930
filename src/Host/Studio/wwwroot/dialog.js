// A question with a form. It stays open, with the server's words, until what it asks for has been done.
import { el } from './dom.js';

export function ask({ title, text, content = [], confirm, isDestructive = false, act }) {
  return new Promise(resolve => {
    const fault = el('p', { class: 'vm-fault', role: 'alert' });
    const submit = el('button', { class: isDestructive ? 'vm-danger' : 'vm-primary' }, confirm);
    const form = el('form', { method: 'dialog' },
      el('h2', { id: 'dialog-title' }, title), text ? el('p', {}, text) : null, ...content, fault,
      el('footer', {}, el('button', { type: 'button', onclick: () => dialog.close() }, 'Back'), submit));
    const dialog = el('dialog', { class: 'vm-dialog', 'aria-labelledby': 'dialog-title', onclose: () => { dialog.remove(); resolve(); } }, form);

    form.addEventListener('submit', async event => {
      event.preventDefault();
      submit.disabled = true;
      fault.textContent = '';
      try {
        await act();
        dialog.close();
      } catch (error) {
        fault.textContent = error.message;
      } finally {
        submit.disabled = false;
      }
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
