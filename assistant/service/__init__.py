"""The assistant as a part of the machine: systemd's notices, the unit, its installation, and the doctor."""
