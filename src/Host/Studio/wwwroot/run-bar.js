// What the viewer lacks: the ways on from where a run stands.
import { attempt, chip, el, poll } from './dom.js';
import { get, post } from './http.js';
import { ask } from './dialog.js';
import { choice, field, given } from './fields.js';

export function showRunBar(bar, run, signal, moved) {
  const path = `/api/runs/${encodeURIComponent(run.id)}`;
  let drawn;
  const draw = state => {
    const text = JSON.stringify(state);
    // Drawn only when something changed, so that no button moves away under the pointer.
    if (signal.aborted || text === drawn) return;
    // The viewer keeps the steps of the version that it was opened with.
    if (state.version !== run.version) {
      moved();
      return;
    }
    drawn = text;
    bar.replaceChildren(...content(state, act));
  };
  const refresh = async () => draw(await get(path));
  const act = async (verb, body = {}) => {
    await post(`${path}/${verb}`, body);
    await refresh();
  };
  draw(run);
  poll(2000, signal, refresh);
}

function content(run, act) {
  const button = (action, text, handler) =>
    el('button', { type: 'button', 'data-action': action, disabled: !run.actions.includes(action), onclick: attempt(handler) }, text);
  const failed = run.incidents.at(-1);
  return [
    failed ? el('span', { class: 'vm-what', title: failed.message }, `${nameOf(failed)}: ${failed.message}`) : null,
    chip(run.subStatus),
    run.actions.includes('resume') ? button('resume', 'Resume', () => act('resume')) : button('pause', 'Pause', () => act('pause')),
    button('retry', 'Retry …', () => retry(run, act)),
    button('skip', 'Skip …', () => skip(run, act)),
    button('migrate', 'Move to latest …', () => migrate(run, act)),
    run.actions.includes('event') ? button('event', 'Send event …', () => send(run, act)) : null,
    button('cancel', 'Cancel …', () => cancel(run, act)),
    el('a', { href: `/elsa/api/workflow-instances/${encodeURIComponent(run.id)}/export`, download: true }, 'Export'),
  ].filter(part => part !== null);
}

const nameOf = incident => incident.activityName || incident.activityId;

// Names repeat where a loop failed more than once.
const labels = incidents => incidents.map((incident, i) => `${i + 1}. ${nameOf(incident)}`);

function retry(run, act) {
  const steps = run.incidents.map(incident => ({
    id: incident.activityExecutionId,
    message: incident.message,
    fields: Object.entries(incident.inputs).map(([name, value]) => field({ name, type: typeOf(value), initial: value })),
  }));
  const groups = steps.map(step => el('fieldset', {}, el('p', {}, step.message), ...step.fields.map(field => field.element)));
  if (steps.length === 1) {
    const [step] = steps;
    return ask({ title: `Retry ${nameOf(run.incidents[0])}`, content: groups, confirm: 'Retry', act: () => act('retry', { activityExecutionId: step.id, inputs: given(step.fields) }) });
  }

  const choose = () => groups.forEach((group, i) => { group.hidden = which.index() !== i + 1; });
  const which = choice('Step', ['all of them, as they are', ...labels(run.incidents)], choose);
  choose();
  return ask({
    title: `Retry ${steps.length} steps`,
    content: [which.element, ...groups],
    confirm: 'Retry',
    act: () => {
      const step = steps[which.index() - 1];
      return act('retry', step ? { activityExecutionId: step.id, inputs: given(step.fields) } : {});
    },
  });
}

const typeOf = value => ({ boolean: 'Boolean', number: 'Double', object: value === null ? 'String' : 'Object' })[typeof value] ?? 'String';

function skip(run, act) {
  const step = choice('Step', labels(run.incidents));
  const outcome = choice('Outcome', [...new Set(run.incidents.flatMap(incident => incident.outcomes))]);
  return ask({
    title: 'Skip a failed step',
    text: 'The step counts as done with this outcome, and what it would have made is missing.',
    content: [step.element, outcome.element],
    confirm: 'Skip',
    isDestructive: true,
    act: () => act('skip', { activityExecutionId: run.incidents[step.index()].activityExecutionId, outcome: outcome.value() }),
  });
}

const migrate = (run, act) => ask({
  title: `Move to version ${run.latestVersion} and continue`,
  text: `This run follows version ${run.version}. Steps that are done stay done; the rest follows the new version.`,
  confirm: 'Move and continue',
  act: () => act('migrate'),
});

function send(run, act) {
  const event = choice('Event', run.events);
  const payload = field({ name: 'payload', label: 'Payload', description: 'JSON that goes with it, if any.', type: 'Object' });
  return ask({
    title: 'Send an event',
    text: 'The step that waits for it is done then, and the run goes on.',
    content: [event.element, payload.element],
    confirm: 'Send',
    act: () => act('event', { name: event.value(), ...given([payload]) }),
  });
}

const cancel = (run, act) => ask({
  title: 'Cancel this run',
  text: 'Running steps are stopped for good, and the run cannot be continued. What it has made stays; destroy the cluster to remove it.',
  confirm: 'Cancel the run',
  isDestructive: true,
  act: () => act('cancel'),
});
