// What the editor lacks: starting a workflow with inputs of one's own.
import { el, notify } from './dom.js';
import { get, post } from './http.js';
import { ask, field } from './dialog.js';
import { go } from './shell.js';

export function showEditorBar(bar, id, signal) {
  const button = el('button', { type: 'button', onclick: () => runWithInputs(id).catch(error => notify(error.message, true)) }, 'Run with inputs …');
  if (!signal.aborted) bar.replaceChildren(button);
}

async function runWithInputs(id) {
  const definition = await get(`/elsa/api/workflow-definitions/by-definition-id/${encodeURIComponent(id)}?versionOptions=Latest`);
  await ask({
    title: `Run ${definition.name}`,
    text: definition.inputs.length === 0 ? 'This workflow declares no inputs.' : 'What you leave as it is takes the workflow’s default.',
    fields: definition.inputs.map(input => field({
      name: input.name,
      label: input.displayName || input.name,
      description: input.description,
      type: input.isArray ? 'Object' : input.type,
      initial: input.defaultValue,
    })),
    confirm: 'Run',
    act: async input => {
      const response = await post(`/elsa/api/workflow-definitions/${encodeURIComponent(id)}/execute`, { versionOptions: 'Latest', input });
      const run = response.headers.get('x-elsa-workflow-instance-id');
      if (!run) throw new Error('The workflow cannot be started now.');
      go(`workflows/instances/${run}/view`);
    },
  });
}
