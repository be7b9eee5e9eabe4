"""What the quality measures reach, on pages whose truth is known because we damaged them: `python -m bench.qc`."""
