// Shows openapi.json to people, with a program to copy for each call, in the language that they choose.

import {byId, copies} from './common.js';

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.append(...children);
  return made;
}

const shown = value => element('pre', JSON.stringify(value, null, 2));

/** A part that opens. */
function part(title, ...children) {
  const details = document.createElement('details');
  details.append(element('summary', title), ...children);
  return details;
}

// ---------------------------------------------------------------------------------------------------------- programs

/**
 * A call to this server.
 *
 * @typedef {{address: string, type: ?string, file: ?string, example: ?object}} Call
 * type: of the body; null: there is none. file: of the body, where there is no example
 */

/** A picture if it may be one, else the example, else a file of JSON. */
function call(path, described) {
  const content = described.requestBody?.content;
  const address = new URL(path.slice(1), location.href).href;
  if (!content) {
    return {address};
  }
  const picture = Object.keys(content).find(each => each.startsWith('image/'));
  const example = content['application/json']?.example;
  return picture ? {address, type: picture, file: `picture.${picture.slice('image/'.length)}`}
      : {address, type: 'application/json', example, file: example ? null : 'request.json'};
}

/** A text as one word of a shell. */
const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

/** A text as a literal of Java, Python or JavaScript, which JSON's are. */
const literal = text => JSON.stringify(text);

const indented = (text, by) => text.replaceAll('\n', `\n${' '.repeat(by)}`);

function shell({address, type, file, example}) {
  const body = !type ? '' : example ? `--json ${quoted(JSON.stringify(example))} `
      : type === 'application/json' ? `--json @${file} ` : `--data-binary @${file} -H ${quoted(`Content-Type: ${type}`)} `;
  return `curl ${body}${address}`;
}

/** A value of JSON as Python writes it. */
function pythonic(value) {
  if (Array.isArray(value)) {
    return `[${value.map(pythonic).join(', ')}]`;
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value).map(([key, each]) => `${literal(key)}: ${pythonic(each)}`).join(', ')}}`;
  }
  return value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : literal(value);
}

function python({address, type, file, example}) {
  const read = address.endsWith('metrics') ? 'response.read().decode()' : 'json.load(response)';
  const body = !type ? '' : example ? `body = json.dumps(${pythonic(example)}).encode()\n`
      : `body = open(${literal(file)}, "rb").read()\n`;
  return `import json
from urllib.request import Request, urlopen

${body}request = Request(${literal(address)}${type ? `, body, {"Content-Type": ${literal(type)}}` : ''})
with urlopen(request) as response:
    print(${read})`;
}

/** For Node, and for pages of this server; those of others it refuses. */
function javaScript({address, type, file, example}) {
  const body = example ? `JSON.stringify(${indented(JSON.stringify(example, null, 2), 2)})` : `await readFile(${literal(file)})`;
  const start = file ? "import {readFile} from 'node:fs/promises';\n\n" : '';
  return `${start}const response = await fetch(${literal(address)}${type ? `, {
  method: 'POST',
  headers: {'Content-Type': ${literal(type)}},
  body: ${body},
}` : ''});
console.log(${address.endsWith('metrics') ? 'await response.text()' : 'JSON.stringify(await response.json(), null, 2)'});`;
}

function java({address, type, file, example}) {
  const body = example ? `ofString(${literal(JSON.stringify(example))})` : `ofFile(Path.of(${literal(file)}))`;
  const post = !type ? '' : `
                .header("Content-Type", ${literal(type)})
                .POST(BodyPublishers.${body})`;
  return `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
${type ? 'import java.net.http.HttpRequest.BodyPublishers;\n' : ''}import java.net.http.HttpResponse.BodyHandlers;
${file ? 'import java.nio.file.Path;\n' : ''}
public class Ask {
    public static void main(String[] args) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(${literal(address)}))${post}
                .build();
        System.out.println(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    }
}`;
}

const LANGUAGES = {curl: shell, Python: python, JavaScript: javaScript, Java: java};

/** Tabs with a program in each language; one that is chosen is chosen for all calls. */
function programs(path, described) {
  const made = call(path, described);
  const id = described.operationId;
  const panel = element('div', '');
  panel.id = `${id}-program`;
  panel.role = 'tabpanel';
  const shown = element('pre', '');
  shown.tabIndex = 0;
  const button = element('button', 'Copy');
  button.type = 'button';
  button.setAttribute('aria-label', `Copy the program for ${path}`);
  copies(button, () => shown.textContent, shown);
  panel.append(shown, button);
  const tabs = Object.entries(LANGUAGES).map(([language, program]) => {
    const tab = element('button', language);
    Object.assign(tab, {type: 'button', role: 'tab', id: `${id}-${language}`});
    tab.dataset.language = language;
    tab.setAttribute('aria-controls', panel.id);
    tab.addEventListener('choose', ({detail}) => {
      const isChosen = detail === language;
      tab.ariaSelected = String(isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
      if (isChosen) {
        shown.textContent = program(made);
        panel.setAttribute('aria-labelledby', tab.id);
      }
    });
    return tab;
  });
  const list = element('div', '', ...tabs);
  list.role = 'tablist';
  list.ariaLabel = `A program for ${path}`;
  const both = element('div', '', list, panel);
  both.className = 'program';
  return both;
}

function choose(language) {
  document.querySelectorAll('[role=tab]').forEach(tab => tab.dispatchEvent(new CustomEvent('choose', {detail: language})));
}

byId('operations').addEventListener('click', ({target}) => {
  if (target.dataset.language) {
    const before = target.getBoundingClientRect().top;
    choose(target.dataset.language);
    scrollBy(0, target.getBoundingClientRect().top - before); // it stays under the pointer
  }
});
byId('operations').addEventListener('keydown', event => {
  const tabs = event.target.role === 'tab' ? [...event.target.parentElement.children] : [];
  const at = tabs.indexOf(event.target);
  const next = {ArrowLeft: at - 1, ArrowRight: (at + 1) % tabs.length, Home: 0, End: -1}[event.key];
  if (at >= 0 && next !== undefined) {
    event.preventDefault();
    tabs.at(next).focus();
    tabs.at(next).click();
  }
});

// -------------------------------------------------------------------------------------------------------- operations

function operation(path, method, described) {
  const section = document.createElement('section');
  section.append(element('h2', `${method.toUpperCase()} ${path}`), element('p', described.summary));
  if (described.description) {
    section.append(element('p', described.description));
  }
  section.append(programs(path, described));
  for (const [type, content] of Object.entries(described.requestBody?.content ?? {})) {
    section.append(part(`Takes ${type}`, shown(content.schema)));
  }
  for (const [status, response] of Object.entries(described.responses)) {
    for (const [type, content] of Object.entries(response.content ?? {})) {
      section.append(part(`Answers ${status}: ${response.description}, ${type}`, shown(content.schema)));
    }
  }
  return section;
}

const api = await (await fetch('openapi.json')).json();
byId('about').textContent = api.info.description;
for (const [path, methods] of Object.entries(api.paths)) {
  for (const [method, described] of Object.entries(methods)) {
    byId('operations').append(operation(path, method, described));
  }
}
for (const [name, schema] of Object.entries(api.components.schemas)) {
  byId('operations').append(part(name, shown(schema)));
}
choose('curl');
