# An editor that speaks OAuth by authlib as it is: `client.py <backend>`. It prints where it would open a browser, reads where the browser
# landed, and then does the same by a code that is typed; at the end it prints what came of it.
import json
import sys
import time

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session, OAuthError

base = sys.argv[1]
client = {"client_id": "karvdash-cli", "token_endpoint_auth_method": "none"}
by_ingress = {"X-Forwarded-For": "192.0.2.249", "X-Forwarded-Proto": "https"}


def opened(**more):
    session = OAuth2Session(**client, **more)
    session.headers.update(by_ingress)
    return session


def who(session):
    answer = session.get(f"{base}/api/account")
    return answer.json().get("name", answer.status_code)


def told(**what):
    print(json.dumps(what), flush=True)


editor = opened(redirect_uri="http://127.0.0.1:45679/callback", scope="files", code_challenge_method="S256")
verifier = generate_token(48)
address, state = editor.create_authorization_url(f"{base}/oauth/authorize", code_verifier=verifier, machine="a laptop")
told(open=address)
landed = sys.stdin.readline().strip()
token = editor.fetch_token(f"{base}/oauth/token", authorization_response=landed, state=state, code_verifier=verifier)
signed_in = who(editor)
refreshed = editor.refresh_token(f"{base}/oauth/token", token["refresh_token"])
after_refresh = who(editor)
editor.revoke_token(f"{base}/oauth/revoke", refreshed["refresh_token"], token_type_hint="refresh_token")
after_revocation = who(editor)

device = opened()
asked = {"client_id": client["client_id"], "machine": "a server", "scope": "files"}
code = device.request("POST", f"{base}/oauth/device_authorization", withhold_token=True, data=asked).json()
told(code=code["user_code"])
deadline = time.monotonic() + 30
while True:
    try:
        device.fetch_token(
            f"{base}/oauth/token",
            grant_type="urn:ietf:params:oauth:grant-type:device_code",
            device_code=code["device_code"],
        )
        break
    except OAuthError as error:
        if error.error not in ("authorization_pending", "slow_down") or time.monotonic() > deadline:
            raise
        time.sleep(code["interval"])
told(signed_in=signed_in, after_refresh=after_refresh, after_revocation=after_revocation, by_code=who(device))
