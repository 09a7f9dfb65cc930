// What the viewer lacks: the ways on from where a run stands.
import { chip, el, notify, poll } from './dom.js';
import { get, post } from './http.js';
import { ask, field } from './dialog.js';

export function showRunBar(bar, id, signal) {
  const path = `/api/runs/${encodeURIComponent(id)}`;
  let drawn;
  const refresh = async () => {
    try {
      const run = await get(path);
      const text = JSON.stringify(run);
      // Drawn only when something changed, so that no button moves away under the pointer.
      if (signal.aborted || text === drawn) return;
      drawn = text;
      draw(bar, path, run, refresh);
    } catch (error) {
      if (!signal.aborted) notify(error.message, true);
    }
  };
  poll(2000, signal, refresh);
}

function draw(bar, path, run, refresh) {
  const act = async (verb, body) => {
    await post(`${path}/${verb}`, body ?? {});
    await refresh();
  };
  const now = (verb, body) => () => act(verb, body).catch(error => notify(error.message, true));
  const button = (action, text, onclick) => el('button', { type: 'button', 'data-action': action, disabled: !run.actions.includes(action), onclick }, text);
  const incident = run.incidents.at(-1);

  bar.replaceChildren(
    incident ? el('span', { class: 'vm-what', title: incident.message }, `${incident.activityName ?? incident.activityId}: ${incident.message}`) : null,
    chip(run.subStatus),
    run.actions.includes('resume') ? button('resume', 'Resume', now('resume')) : button('pause', 'Pause', now('pause')),
    button('retry', 'Retry …', () => retry(run, act)),
    button('skip', 'Skip …', () => skip(run, act)),
    button('migrate', 'Move to latest …', () => migrate(run, act)),
    button('cancel', 'Cancel …', () => cancel(run, act)));
}

const stepOf = (run, given) => run.incidents.find(incident => label(incident) === given) ?? run.incidents[0];
const label = incident => `${incident.activityName ?? incident.activityId} (${incident.activityExecutionId})`;
const steps = run => run.incidents.length > 1 ? [field({ name: 'step', label: 'Step', options: run.incidents.map(label) })] : [];

function retry(run, act) {
  // With several failed steps, all are tried as they are; the inputs of one can be changed when it is the only one.
  const [only] = run.incidents.length === 1 ? run.incidents : [];
  return ask({
    title: only ? `Retry ${only.activityName ?? only.activityId}` : `Retry ${run.incidents.length} steps`,
    text: only ? only.message : run.incidents.map(incident => `${incident.activityName}: ${incident.message}`).join('\n'),
    fields: Object.entries(only?.inputs ?? {}).map(([name, value]) => field({ name, type: typeof value === 'object' && value ? 'Object' : 'String', initial: value })),
    confirm: 'Retry',
    act: inputs => act('retry', only ? { activityExecutionId: only.activityExecutionId, inputs } : {}),
  });
}

function skip(run, act) {
  const outcomes = [...new Set(run.incidents.flatMap(incident => incident.outcomes))];
  return ask({
    title: 'Skip the failed step',
    text: 'The step counts as done with this outcome, and what it would have made is missing.',
    fields: [...steps(run), field({ name: 'outcome', label: 'Outcome', options: outcomes })],
    confirm: 'Skip',
    isDestructive: true,
    act: ({ step, outcome }) => act('skip', { activityExecutionId: stepOf(run, step).activityExecutionId, outcome }),
  });
}

function migrate(run, act) {
  return ask({
    title: `Move to version ${run.latestVersion} and continue`,
    text: `This run began with version ${run.version}. Steps that are done stay done; the rest follows the new version.`,
    confirm: 'Move and continue',
    act: () => act('migrate'),
  });
}

function cancel(run, act) {
  return ask({
    title: 'Cancel this run',
    text: 'Running steps are stopped for good, and the run cannot be continued. What it has made stays; vmcluster destroy removes it.',
    confirm: 'Cancel the run',
    isDestructive: true,
    act: () => act('cancel'),
  });
}
