// Studio's elements: loading the runtime once, and swapping one element for another.

// A removed element is disposed one second later; a second one before that fails.
const disposal = 1300;

const scripts = [
  '_content/BlazorMonaco/jsInterop.js',
  '_content/BlazorMonaco/lib/monaco-editor/min/vs/loader.js',
  '_content/BlazorMonaco/lib/monaco-editor/min/vs/editor/editor.main.js',
  '_content/MudBlazor/MudBlazor.min.js',
  '_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.js',
  '_content/Radzen.Blazor/Radzen.Blazor.js',
  '_framework/blazor.webassembly.js',
];

let loading;
let removed = 0;

// Pages of our own open at once, so the runtime is loaded when the first element is wanted.
function load() {
  loading ??= scripts.reduce((before, source) => before.then(() => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = source;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${source} could not be loaded`));
    document.body.append(script);
  })), Promise.resolve());
  return loading;
}

export async function showStudio(view, name, attributes, callbacks, signal) {
  view.replaceChildren(Object.assign(document.createElement('div'), { className: 'vm-loading', textContent: 'Loading Studio …' }));
  await load();
  await customElements.whenDefined(name);
  const wait = removed + disposal - performance.now();
  if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
  if (signal.aborted) return;

  const element = document.createElement(name);
  element.setAttribute('remote-endpoint', `${location.origin}/elsa/api`);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  Object.assign(element, callbacks);
  view.replaceChildren(element);
}

export async function leaveStudio(view) {
  if (view.firstElementChild?.localName.startsWith('elsa-')) removed = performance.now();
  view.replaceChildren();
}

export function watchForCrash() {
  document.querySelector('[data-action=reload]').addEventListener('click', () => location.reload());
}
