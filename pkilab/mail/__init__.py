"""Mail that tells of acts: the messages themselves. Delivery and the lab's own inbox come with the running lab."""
