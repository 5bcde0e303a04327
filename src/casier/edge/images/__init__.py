"""Remote images of mail: fetched by the platform, so that senders don't learn who reads, where and how."""
