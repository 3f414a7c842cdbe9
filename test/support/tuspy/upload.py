# Uploads a file with tuspy as it is: `upload.py <endpoint> <file> <authorization>`. After any failure it goes on where the server says.
import sys
import time

from tusclient.client import TusClient

endpoint, path, authorization = sys.argv[1:]
client = TusClient(endpoint, headers={"Authorization": authorization})
chunk = 512 * 1024
uploader = client.uploader(path, chunk_size=chunk, upload_checksum=True)
failures = 0
while uploader is None or uploader.offset < uploader.get_file_size():
    try:
        if uploader is None:
            uploader = client.uploader(path, chunk_size=chunk, upload_checksum=True, url=url)
        uploader.upload_chunk()
        url = uploader.url
    except Exception as error:
        print(type(error).__name__, flush=True)
        uploader = None
        failures += 1
        time.sleep(0.1)
print(f"done after {failures} failures", flush=True)
