import { describe, expect, test } from '@jest/globals'
import { convert } from './convert.ts'
import { parseTemplate } from './parse.ts'

const old = `
apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata:
  name: $NAME
spec:
  rules:
  - host: $HOSTNAME
---
apiVersion: v1
kind: Service
metadata:
  name: $NAME
spec:
  ports:
  - port: 8080
  selector:
    app: $NAME
---
apiVersion: apps/v1beta1
kind: Deployment
metadata:
  name: $NAME
spec:
  replicas: $REPLICAS
  selector:
    matchLabels:
      app: $NAME
  template:
    metadata:
      labels:
        app: $NAME
    spec:
      containers:
      - name: main
        image: \${REGISTRY}/hello:1.5
        workingDir: $LOCAL_DIR
        args: ["{{workflow.name}}", "$OTHER"]
        env:
        - name: MESSAGE
          value: $MESSAGE
        - name: COUNT
          value: $REPLICAS
---
kind: Template
name: Hello Kubernetes
description: Shows a message in a web page
singleton: yes
variables:
- name: NAME
  default: hello-kubernetes
- name: HOSTNAME
  default: hello-kubernetes.example.com
- name: MESSAGE
  default: I just deployed this!
  help: Message to display
- name: REPLICAS
  default: 2
`

describe('a template with $VARIABLES', () => {
  const { source, report, faults } = convert(old)
  const { description } = parseTemplate(source)

  test('becomes one that can be launched', () => {
    expect(faults).toEqual([])
    expect(description).toMatchObject({
      id: 'hello-kubernetes',
      name: 'Hello Kubernetes',
      singleton: true,
      exposure: { port: 8080 },
      variables: [
        { name: 'message', type: 'string', default: 'I just deployed this!', help: 'Message to display' },
        { name: 'replicas', type: 'number', integer: true, default: 2 },
      ],
    })
  })

  test('asks nothing that the platform knows, and keeps its texts as they were written', () => {
    expect(source).not.toMatch(/\$(NAME|HOSTNAME|REGISTRY|LOCAL_DIR)/)
    expect(source).toContain('image: {{registry}}/hello:1.5')
    expect(source).toContain('\\{{workflow.name}}')
    expect(source).not.toContain('kind: Ingress')
  })

  test('gives environment variables texts, also of what is a number', () => {
    expect(source).toContain("value: '{{replicas}}'")
    expect(source).toContain('replicas: {{replicas}}')
  })

  test('says what was done to it, and what it leaves to look at', () => {
    expect(report.join('\n')).toMatch(/\$MESSAGE is {{message}} now/)
    expect(report.join('\n')).toMatch(/Its Ingress is gone/)
    expect(report.join('\n')).toMatch(/\$OTHER is left as it was/)
    expect(report.join('\n')).toMatch(/apps\/v1beta1 is apps\/v1 now/)
  })
})

test.each([
  ['no template', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n', /no document of kind: Template/],
  ['no YAML', 'a: [', /Line 1|Line 2/],
  ['nothing', '---\n', /no document of kind: Template/],
])('a text that is %s is refused, with its line', (_, text, words) => {
  expect(() => convert(text)).toThrow(words)
})

test('attack: names of variables that would be expressions are refused', () => {
  expect(() => convert('kind: Template\nname: x\nvariables:\n- name: "a}}{{{b"\n  default: 1\n')).toThrow(/no document of kind/)
})

test('attack: a name that is one of the platform’s words is given another', () => {
  const { source, faults } = convert(
    'kind: Template\nname: x\nvariables:\n- {name: SECRET, default: a}\n- {name: _1, default: b}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: $NAME}\ndata: {a: $SECRET, b: $_1}\n',
  )
  expect(faults).toEqual([])
  expect(source).toMatch(/{{ownSecret}}/)
})

const broker = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: \${NAME}
spec:
  rules:
  - host: \${HOSTNAME}
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: \${NAME}
            port:
              number: 15672
---
apiVersion: v1
kind: Service
metadata:
  name: \${NAME}
spec:
  ports:
  - {name: messages, port: 5672}
  - {name: page, port: 15672}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: \${NAME}
data:
  start: mkdir -p /private/.broker /etc/private; cd \${FOLDER}
---
kind: Template
name: Broker
variables:
- {name: NAME, default: broker}
- {name: FOLDER, default: /private/html}
`

test('what people reach is the port that the Ingress led to, and what was /private is /local', () => {
  const { source, report, faults } = convert(broker)
  expect(faults).toEqual([])
  expect(parseTemplate(source).description).toMatchObject({
    exposure: { port: 15672 },
    variables: [{ name: 'folder', default: '/local/html' }],
  })
  expect(source).toContain('mkdir -p /local/.broker /etc/private; cd {{folder}}')
  expect(report.join('\n')).toMatch(/\/private is \/local now/)
})
