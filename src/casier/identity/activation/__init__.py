"""How an invited person opens the account: proof of who they are, charter and notices, the memo."""
