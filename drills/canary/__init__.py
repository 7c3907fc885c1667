"""The parts of `drill canaries`: invented people, a small running town, who calls there, and what is searched."""
