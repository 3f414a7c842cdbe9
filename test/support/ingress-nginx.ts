import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { authority, issue } from '@karvdash/local/certificates'
import { spawnChild } from '@karvdash/local/child'
import { freePorts } from '@karvdash/local/ports'
import { send } from './send.ts'
import { until } from './until.ts'

/** An Ingress of one host: its annotations, and where its service answers. */
export interface Routed {
  host: string
  annotations: Record<string, string>
  servicePort: number
}

/** A real nginx that does what ingress-nginx has it do. */
export interface IngressNginx {
  url: string
  port: number
  stop(): Promise<void>
}

export interface IngressNginxOptions {
  folder: string
  /** Where the gate answers, in the place of its name in the cluster. */
  gate: string
  /** The wildcard certificate's. */
  domain: string
  routes: Routed[]
}

/** Starts Debian's nginx with a configuration of the form that ingress-nginx's template (rootfs/etc/nginx/template) gives it. */
export async function startIngressNginx({ folder, gate, domain, routes }: IngressNginxOptions): Promise<IngressNginx> {
  await mkdir(folder, { recursive: true })
  const by = await authority(join(folder, 'authority'), 'test')
  const certificate = await issue(by, 'wildcard', { commonName: domain, names: [`*.${domain}`] })
  const [port = 0] = await freePorts(1)
  const nobody = `server { listen 127.0.0.1:${port} ssl http2 default_server; return 404; }`
  const servers = [nobody, ...routes.map((route) => server(route, { port, gate }))]
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, certificate, servers))
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]
  const child = spawnChild({ name: 'nginx', program: 'nginx', args, log: join(folder, 'output.log') })
  const url = `https://127.0.0.1:${port}`
  await until(async () => {
    child.throwIfFailed()
    return (await send(url, { headers: { host: `nothing.${domain}` } })).status === 404
  })
  return { url, port, stop: child.kill }
}

function configuration(folder: string, certificate: { file: string; key: string }, servers: string[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`)
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
load_module /usr/lib/nginx/modules/ndk_http_module.so;
load_module /usr/lib/nginx/modules/ngx_http_set_misc_module.so;
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  ${temporary.join(' ')}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  ssl_certificate ${certificate.file};
  ssl_certificate_key ${certificate.key};
  ${servers.join('\n')}
}
`
}

function server({ host, annotations, servicePort }: Routed, { port, gate }: { port: number; gate: string }): string {
  const of = (name: string) => annotations[`nginx.ingress.kubernetes.io/${name}`] ?? ''
  const headers = of('auth-response-headers').split(',')
  return `
  server {
    listen 127.0.0.1:${port} ssl http2;
    server_name ${host};
    location = /_external-auth {
      internal;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header X-Forwarded-Proto "";
      proxy_set_header X-Original-URI $request_uri;
      proxy_set_header X-Original-URL $scheme://$http_host$request_uri;
      proxy_set_header X-Original-Method $request_method;
      proxy_set_header X-Sent-From "nginx-ingress-controller";
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Auth-Request-Redirect $request_uri;
      proxy_pass ${gate}${new URL(of('auth-url')).pathname};
    }
    location @signin {
      internal;
      add_header Set-Cookie $auth_cookie;
      return 302 ${of('auth-signin')}?rd=$scheme://$http_host$escaped_request_uri;
    }
    location / {
      auth_request /_external-auth;
      auth_request_set $auth_cookie $upstream_http_set_cookie;
      add_header Set-Cookie $auth_cookie;
      ${headers.map((name, n) => forwarded(name, n)).join('\n      ')}
      set_escape_uri $escaped_request_uri $request_uri;
      error_page 401 = @signin;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_pass http://127.0.0.1:${servicePort};
    }
  }`
}

function forwarded(name: string, n: number): string {
  const variable = `$upstream_http_${name.toLowerCase().replaceAll('-', '_')}`
  return `auth_request_set $authHeader${n} ${variable}; proxy_set_header '${name}' $authHeader${n};`
}
