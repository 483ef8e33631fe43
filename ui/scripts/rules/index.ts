// The diagram of a service's rules: dmn-js as it is, with the drawing that the server has laid out. Everything that it shows stands in the
// page as text as well; this is for those who like to see it.
import NavigatedViewer from 'dmn-js/lib/NavigatedViewer';
import styles from '../../styles/rules.css?url';

interface Reached { value: string; rows: Set<string> }

function addStyles(): Promise<void> {
  return new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = styles;
    link.addEventListener('load', () => { resolve(); });
    link.addEventListener('error', () => { resolve(); });
    document.head.append(link);
  });
}

/** The path of the case, as the text below the diagram says it. */
function pathOfCase(): Map<string, Reached> {
  const path = new Map<string, Reached>();
  for (const section of document.querySelectorAll<HTMLElement>('[data-decision][data-reached]')) {
    const rows = [...section.querySelectorAll<HTMLElement>('tr[data-hit]')].map((row) => row.dataset['row'] ?? '');
    path.set(section.dataset['decision'] ?? '', { value: section.dataset['reached'] ?? '', rows: new Set(rows) });
  }
  return path;
}

/** The few words of the viewer itself, in the language of the page. */
function translation(section: HTMLElement): object {
  const words = new Map([...section.querySelectorAll<HTMLElement>('[data-word]')].map((each) => [each.dataset['word'] ?? '', each.textContent ?? '']));
  const translate = (template: string, values: Record<string, string> = {}): string =>
    (words.get(template) ?? template).replace(/\{([^}]+)\}/g, (all, name: string) => values[name.trim()] ?? all);
  return { additionalModules: [{ translate: ['value', translate] }] };
}

function markGraph(viewer: ActiveViewer, path: Map<string, Reached>, reachedWord: string): void {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const known = viewer.get('elementRegistry');
  for (const [id, reached] of path) {
    if (!known.get(id)) continue;
    canvas.addMarker(id, 'kp-reached');
    const note = document.createElement('div');
    note.className = 'kp-overlay';
    note.textContent = `✓ ${reached.value || reachedWord}`;
    note.title = reached.value;
    overlays.add(id, { position: { bottom: 10, left: 2 }, html: note });
  }
}

function markTable(place: HTMLElement, reached: Reached | undefined): void {
  for (const cell of place.querySelectorAll<HTMLElement>('td[data-row-id]'))
    cell.closest('tr')?.classList.toggle('kp-row-hit', reached?.rows.has(cell.dataset['rowId'] ?? '') ?? false);
}

interface View { id: string; type: string; element: { id: string; name?: string } }
interface ActiveViewer { get(name: string): any }
interface Viewer {
  importXML(xml: string): Promise<unknown>;
  getViews(): View[];
  getActiveView(): View | undefined;
  getActiveViewer(): ActiveViewer;
  open(view: View): Promise<unknown>;
  on(event: string, listener: () => void): void;
}

class Diagram {
  private readonly canvas: HTMLElement;
  private readonly choice: HTMLSelectElement;
  private readonly path = pathOfCase();
  private viewer: Viewer | undefined;

  constructor(private readonly section: HTMLElement, canvas: HTMLElement, choice: HTMLSelectElement) {
    this.canvas = canvas;
    this.choice = choice;
  }

  async show(): Promise<void> {
    this.section.hidden = false;
    const [answer] = await Promise.all([fetch(this.section.dataset['rules'] ?? ''), addStyles()]);
    if (!answer.ok) throw new Error(String(answer.status));
    const words = translation(this.section);
    const viewer = new NavigatedViewer({
      container: this.canvas, common: { keyboard: { bind: false } }, drd: words, decisionTable: words, literalExpression: words, boxedExpression: words,
    }) as unknown as Viewer;
    this.viewer = viewer;
    viewer.on('views.changed', () => { this.opened(); });
    await viewer.importXML(await answer.text());
    for (const view of viewer.getViews()) {
      if (view.type === 'drd') continue;
      const option = document.createElement('option');
      option.value = view.element.id;
      option.textContent = view.element.name ?? view.element.id;
      this.choice.append(option);
    }
    this.choice.addEventListener('change', () => void this.open(this.choice.value));
    for (const button of this.section.querySelectorAll<HTMLButtonElement>('[data-rules-zoom]'))
      button.addEventListener('click', () => { this.zoom(button.dataset['rulesZoom'] ?? 'fit'); });
    this.opened();
  }

  private async open(id: string): Promise<void> {
    const view = this.viewer?.getViews().find((each) => (id === '' ? each.type === 'drd' : each.element.id === id));
    if (view) await this.viewer?.open(view);
  }

  /** Also after somebody went into a decision by its button in the drawing. */
  private opened(): void {
    const view = this.viewer?.getActiveView();
    if (!view || !this.viewer) return;
    const graph = view.type === 'drd';
    this.choice.value = graph ? '' : view.element.id;
    for (const button of this.section.querySelectorAll<HTMLButtonElement>('[data-rules-zoom]')) button.disabled = !graph;
    if (graph) {
      const active = this.viewer.getActiveViewer();
      // The wheel moves the page; larger and smaller are buttons.
      active.get('zoomScroll').toggle(false);
      this.fit();
      markGraph(active, this.path, this.section.dataset['rulesReached'] ?? '');
    } else {
      markTable(this.canvas, this.path.get(view.element.id));
      for (const wide of this.canvas.querySelectorAll<HTMLElement>('.dmn-decision-table-container, .dmn-literal-expression-container')) {
        wide.tabIndex = 0;  // it scrolls: the keyboard must get in
        wide.setAttribute('role', 'region');
        wide.setAttribute('aria-label', view.element.name ?? view.element.id);
      }
    }
    for (const svg of this.canvas.querySelectorAll('svg')) svg.setAttribute('focusable', 'false');
  }

  /** All of it, with a little air at the edges. */
  private fit(): void {
    const canvas = this.viewer?.getActiveViewer().get('canvas');
    canvas.zoom('fit-viewport', 'auto');
    canvas.zoom(canvas.zoom() * 0.96, 'auto');
  }

  private zoom(how: string): void {
    const canvas = this.viewer?.getActiveViewer().get('canvas');
    if (how === 'fit') this.fit();
    else canvas.zoom(canvas.zoom() * (how === 'in' ? 1.25 : 0.8));
  }
}

export async function showRules(): Promise<void> {
  const section = document.querySelector<HTMLElement>('[data-rules]');
  const canvas = section?.querySelector<HTMLElement>('[data-rules-canvas]');
  const choice = section?.querySelector<HTMLSelectElement>('[data-rules-view]');
  if (!section || !canvas || !choice) return;
  const state = section.querySelector<HTMLElement>('[data-rules-state]');
  try {
    await new Diagram(section, canvas, choice).show();
  } catch (error) {
    console.warn(error);
    const failed = section.querySelector<HTMLElement>('[data-rules-failed]');
    if (failed) failed.hidden = false;
    canvas.hidden = true;
  }
  if (state) state.hidden = true;
}
