"""The outside of image files, walked format by format: where they end and what in them contradicts itself."""
