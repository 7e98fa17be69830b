"""The exit codes of the command line; those of a report are `Report.exit_code`."""

__all__ = ["EXIT_INPUT", "EXIT_INTERRUPTED", "EXIT_USAGE"]

EXIT_USAGE = 2
EXIT_INPUT = 3
EXIT_INTERRUPTED = 130  # 128 and the number of the signal, as shells say it
