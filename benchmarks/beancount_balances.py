"""Load a file and print the balance of each account, in beancount's own environment."""

import sys

from beancount import loader
from beancount.core import realization

entries, errors, _ = loader.load_file(sys.argv[1])
if errors:
    sys.exit(str(errors[0]))
for account in realization.iter_children(realization.realize(entries)):
    print(account.account, account.balance)
