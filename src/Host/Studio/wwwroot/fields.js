// Fields of forms, for values of the workflow types.
import { el } from './dom.js';

const isWhole = type => /^(Int|UInt|Byte|SByte|Short|Long)/.test(type);
const isNumber = type => isWhole(type) || /^(Single|Double|Decimal)$/.test(type);
const isText = type => type === 'String' || !/^(Object|Json|Any)/i.test(type);

// A field with a label. What is left as it was (`initial`) counts as not given; `preset` is filled in over it.
export function field({ name, label = name, description, type = 'String', isArray = false, isLong = false, initial, preset }) {
  const text = show(initial);
  let input;
  if (type === 'Boolean' && !isArray) input = el('input', { type: 'checkbox', checked: text.toLowerCase() === 'true' });
  else if (isNumber(type) && !isArray) input = el('input', { type: 'number', step: isWhole(type) ? '1' : 'any', value: text });
  else if (isText(type) && !isArray && !isLong && !text.includes('\n')) input = el('input', { type: 'text', value: text });
  else input = el('textarea', { rows: 3, spellcheck: 'false' }, text);
  input.name = name;

  const raw = () => input.type === 'checkbox' ? String(input.checked) : input.value;
  const before = raw();
  if (preset != null) input.value = show(preset);
  return {
    name,
    element: labelled(label, input, description),
    isGiven: () => raw() !== before && !(input.type === 'number' && raw() === ''),
    value: () => input.type === 'checkbox' ? input.checked : input.type === 'number' ? Number(raw()) : isText(type) && !isArray ? raw() : parse(label, raw()),
  };
}

// The values of all fields that were changed.
export const given = fields => Object.fromEntries(fields.filter(field => field.isGiven()).map(field => [field.name, field.value()]));

// One of several texts.
export function choice(label, options, onchange) {
  const input = el('select', onchange ? { onchange } : {}, ...options.map(option => el('option', {}, option)));
  return { element: labelled(label, input), value: () => input.value, index: () => input.selectedIndex };
}

let count = 0;

// The description is read behind the label, but is no part of the field's name.
function labelled(label, input, description) {
  input.id = `field-${++count}`;
  if (description) input.setAttribute('aria-describedby', `${input.id}-description`);
  return el('div', { class: 'vm-field' },
    el('label', { for: input.id }, label), description ? el('small', { id: `${input.id}-description` }, description) : null, input);
}

const show = value => value == null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

function parse(label, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${label} must be JSON: ${error.message}`);
  }
}
