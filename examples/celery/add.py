"""Has a worker add two numbers:  add.py [x y]"""

import sys

from tasks import PATIENCE, add

x, y = map(int, sys.argv[1:3]) if len(sys.argv) == 3 else (4, 4)

print(f"{x} + {y} = {add.delay(x, y).get(timeout=PATIENCE)}")
