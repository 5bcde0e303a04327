"""Several people at one mailbox: who sees to what, who is answering, who has answered."""
