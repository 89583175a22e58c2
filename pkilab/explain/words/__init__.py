"""What fields and OBJECT IDENTIFIERs mean, as data: what each is for, and what goes wrong without it."""
