// What the editor lacks: starting a workflow with inputs of one's own.
import { attempt, el } from './dom.js';
import { runWithInputs } from './run-form.js';

export function showEditorBar(bar, id) {
  bar.replaceChildren(el('button', { type: 'button', onclick: attempt(() => runWithInputs(id)) }, 'Run with inputs …'));
}
