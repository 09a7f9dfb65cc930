// A question with a form. It stays open, with the server's words, until what it asks for has been done.
import { el } from './dom.js';

export function ask({ title, text, fields = [], confirm, isDestructive = false, act }) {
  return new Promise(resolve => {
    const fault = el('p', { class: 'vm-fault', role: 'alert' });
    const submit = el('button', { class: isDestructive ? 'vm-danger' : 'vm-primary' }, confirm);
    const form = el('form', { method: 'dialog' },
      el('h2', {}, title), text ? el('p', {}, text) : null, ...fields.map(field => field.label), fault,
      el('footer', {}, el('button', { type: 'button', value: 'cancel', onclick: () => dialog.close() }, 'Back'), submit));
    const dialog = el('dialog', { class: 'vm-dialog', onclose: () => { dialog.remove(); resolve(); } }, form);

    form.addEventListener('submit', async event => {
      event.preventDefault();
      submit.disabled = true;
      fault.textContent = '';
      try {
        await act(Object.fromEntries(fields.filter(field => field.isGiven()).map(field => [field.name, field.value()])));
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

// A field for a value of one of the workflow types; what is left as it was is not given.
export function field({ name, label = name, description, type = 'String', initial, options }) {
  const text = initial == null ? '' : typeof initial === 'string' ? initial : JSON.stringify(initial);
  let input;
  if (options) {
    input = el('select', {}, ...options.map(option => el('option', { selected: option === text }, option)));
  } else if (type === 'Boolean') {
    input = el('input', { type: 'checkbox', checked: text.toLowerCase() === 'true' });
  } else if (isNumber(type)) {
    input = el('input', { type: 'number', step: isWhole(type) ? '1' : 'any', value: text });
  } else if (type === 'String') {
    input = el('input', { type: 'text', value: text });
  } else {
    input = el('textarea', { rows: 3 }, text);
  }
  input.name = name;

  const raw = () => type === 'Boolean' ? String(input.checked) : input.value;
  const before = raw();
  return {
    name,
    label: el('label', {}, label, description ? el('small', {}, description) : null, input),
    isGiven: () => options != null || raw() !== before,
    value: () => type === 'Boolean' ? input.checked : isNumber(type) ? Number(input.value) : input.value,
  };
}

const isWhole = type => /^(Int|UInt|Byte|SByte|Short|Long)/.test(type);
const isNumber = type => isWhole(type) || /^(Single|Double|Decimal)$/.test(type);
