"""What is on disk: files, serial numbers, settings, secrets and the registry. Only this room touches a disk or SQL."""
