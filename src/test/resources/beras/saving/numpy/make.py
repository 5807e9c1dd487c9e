"""Makes the files here, with Debian's python3-numpy; see README.md."""
import pathlib

import numpy as np
from numpy.lib import format as npy

HERE = pathlib.Path(__file__).parent
x = np.arange(6).reshape(2, 3)
for kind in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
    np.save(HERE / f"little-{kind}.npy", x.astype("<" + kind))
    np.save(HERE / f"big-{kind}.npy", np.asfortranarray(x.astype(">" + kind)))
np.save(HERE / "bool.npy", x % 2 == 1)
for version in ((2, 0), (3, 0)):
    with open(HERE / f"version{version[0]}.npy", "wb") as file:
        npy.write_array(file, x.astype("f4"), version)
np.save(HERE / "cube.npy", np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4)))
np.save(HERE / "scalar.npy", np.float32(-0.5))
np.save(HERE / "none.npy", np.zeros((0, 3), "f4"))
np.save(HERE / "special.npy", np.array([np.nan, -np.inf, -0.0, 1e-45, 3.4028235e38], "f4"))
np.save(HERE / "halves.npy", np.array([0x0001, 0x03ff, 0x0400, 0x7bff, 0x8000, 0xfc00, 0xb555], "u2").view("f2"))
np.save(HERE / "wide.npy", np.array([1e300, -1e-300, 0.1, 16777217.0]))
np.save(HERE / "longs.npy", np.array([2**64 - 1, 2**63 + 1, 2**63 + 2**39 + 1, 1], "u8"))
np.save(HERE / "refused-object.npy", np.array([{}, "a"], dtype=object), allow_pickle=True)
np.save(HERE / "refused-text.npy", np.array(["ab", "c"]))
np.save(HERE / "refused-complex.npy", np.array([1j]))
np.save(HERE / "refused-record.npy", np.zeros(2, [("a", "f4"), ("b", "i4")]))
np.savez(HERE / "stored.npz", x=x.astype("f4"), y=np.array([0, 1]))
np.savez_compressed(HERE / "packed.npz", x=x.astype("f8"), y=np.array([0, 1], "u1"))
