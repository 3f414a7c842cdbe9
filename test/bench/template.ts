/** What the Secrets of the template hold: a preview leaves it out, and the peers must write as much as we do. */
export const secretText = { password: 'x'.repeat(40) }

const fourConfigs = [1, 2, 3, 4].map(
  (n) => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{service.name}}-${n}
data:
  settings.ini: |
    title = {{title}}
    text = ${'lorem ipsum '.repeat(40)}
`,
)

const twoSecrets = [1, 2].map(
  (n) => `
apiVersion: v1
kind: Secret
metadata:
  name: {{service.name}}-${n}
stringData:
  password: ${secretText.password}
`,
)

const twoServers = [1, 2].map(
  (n) => `
apiVersion: v1
kind: Service
metadata:
  name: {{service.name}}${n === 1 ? '' : `-${n}`}
spec:
  selector:
    app: {{service.name}}-${n}
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{service.name}}-${n}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: {{service.name}}-${n}
  template:
    metadata:
      labels:
        app: {{service.name}}-${n}
    spec:
      containers:
        - name: web
          image: docker.io/nginxinc/nginx-unprivileged:1.27
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /
              port: http
          resources:
            requests:
              cpu: 10m
              memory: 32Mi
          volumeMounts:
            - name: settings
              mountPath: /etc/settings
              readOnly: true
      volumes:
        - name: settings
          configMap:
            name: {{service.name}}-${n}
`,
)

const description = `
apiVersion: karvdash.io/v1
kind: Template
id: ten
name: Ten objects
description: Four ConfigMaps, two Secrets, two Services and two Deployments.
exposure:
  port: 80
  credentials:
    header: Authorization
    value: 'token {{secret}}'
variables:
  - name: title
    type: string
    label: Title
    default: Ten
    maxLength: 40
`

/** A template of ten objects, behind the gate as JupyterLab is; the platform adds the Ingress. */
export const template = [description, ...fourConfigs, ...twoSecrets, ...twoServers].join('---')
