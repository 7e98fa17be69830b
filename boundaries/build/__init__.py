"""Build the border data of deploygeo from pinned public-domain inputs."""
