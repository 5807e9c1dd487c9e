// Shows openapi.json to people.

const byId = id => document.getElementById(id);

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

function operation(path, method, described) {
  const section = document.createElement('section');
  section.append(element('h2', `${method.toUpperCase()} ${path}`), element('p', described.summary));
  if (described.description) {
    section.append(element('p', described.description));
  }
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
