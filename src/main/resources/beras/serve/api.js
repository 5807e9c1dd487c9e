// Shows openapi.json to people, with a command to copy for each call.

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

/** A text as one word of a shell. */
const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

/** What a call takes: a picture if it may, else the example, else a file of JSON. */
function data(content) {
  const type = Object.keys(content).find(each => each.startsWith('image/'));
  const example = content['application/json']?.example;
  return type ? `--data-binary @picture.${type.slice('image/'.length)} -H ${quoted(`Content-Type: ${type}`)} `
      : `--json ${example ? quoted(JSON.stringify(example)) : '@request.json'} `;
}

/** The command that makes a call to this server, and a button that copies it. */
function command(path, described) {
  const content = described.requestBody?.content;
  const line = `curl ${content ? data(content) : ''}${new URL(path.slice(1), location.href)}`;
  const shown = element('pre', line);
  shown.tabIndex = 0;
  const button = element('button', 'Copy');
  button.type = 'button';
  button.setAttribute('aria-label', `Copy the command for ${path}`);
  copies(button, () => line, shown);
  const both = element('div', '', shown, button);
  both.className = 'curl';
  return both;
}

function operation(path, method, described) {
  const section = document.createElement('section');
  section.append(element('h2', `${method.toUpperCase()} ${path}`), element('p', described.summary));
  if (described.description) {
    section.append(element('p', described.description));
  }
  section.append(command(path, described));
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
