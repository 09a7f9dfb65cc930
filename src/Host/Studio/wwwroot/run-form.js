// Starts a workflow with inputs of one's own.
import { get, post } from './http.js';
import { ask } from './dialog.js';
import { field, given } from './fields.js';
import { go } from './navigation.js';

// `preset` fills in inputs by name.
export async function runWithInputs(definitionId, preset = {}, isDestructive = false) {
  const path = `/elsa/api/workflow-definitions/${encodeURIComponent(definitionId)}`;
  const definition = await get(`/elsa/api/workflow-definitions/by-definition-id/${encodeURIComponent(definitionId)}?versionOptions=Latest`);
  const fields = definition.inputs.map(input => field({
    name: input.name,
    label: input.displayName || input.name,
    description: input.description,
    type: input.type,
    isArray: input.isArray,
    isLong: input.uiHint === 'multiline',
    initial: input.defaultValue,
    preset: preset[input.name],
  }));
  await ask({
    title: definition.name,
    text: definition.description || (fields.length === 0 ? 'This workflow declares no inputs.' : null),
    content: fields.map(field => field.element),
    confirm: 'Run',
    isDestructive,
    act: async () => {
      const response = await post(`${path}/execute`, { versionOptions: 'Latest', input: given(fields) });
      const run = response.headers.get('x-elsa-workflow-instance-id');
      if (!run) throw new Error('The workflow cannot be started now.');
      go(`workflows/instances/${run}/view`);
    },
  });
}
