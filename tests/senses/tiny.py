"""A true LiteRT file of a few hundred bytes: the mean of a picture, seven numbers from it, a softmax."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

LABELS = 7


def network(side: int = 48, labels: int = LABELS, outputs: tuple[str, ...] = ("answer", "fer2013")) -> bytes:
    """The bytes of a network from (1, side, side, 1) to (1, labels) under each name of `outputs`.

    The brighter the picture, the likelier is the last label; black gives the same probability to all.
    """
    model = schema.ModelT()
    model.version = 3
    model.buffers = [_buffer(None)]
    graph = schema.SubGraphT()
    graph.tensors = []

    def tensor(name: str, shape: list[int], values: np.ndarray | None = None) -> int:
        made = schema.TensorT()
        made.name, made.shape, made.buffer = name, shape, 0
        made.type = schema.TensorType.FLOAT32
        if values is not None:
            made.type = schema.TensorType.INT32 if values.dtype == np.int32 else schema.TensorType.FLOAT32
            model.buffers.append(_buffer(values))
            made.buffer = len(model.buffers) - 1
        graph.tensors.append(made)
        return len(graph.tensors) - 1

    picture = tensor("picture", [1, side, side, 1])
    axes = tensor("axes", [2], np.array([1, 2], np.int32))
    mean = tensor("mean", [1, 1])
    weights = tensor("weights", [labels, 1], np.arange(labels, dtype=np.float32).reshape(labels, 1) / 255)
    logits = tensor("logits", [1, labels])
    named = [tensor(name, [1, labels]) for name in outputs]
    model.operatorCodes = [_code(op) for op in ("MEAN", "FULLY_CONNECTED", "SOFTMAX")]
    softmax = schema.SoftmaxOptionsT()
    softmax.beta = 1.0
    graph.operators = [
        _operator(0, [picture, axes], mean, "ReducerOptions", schema.ReducerOptionsT()),
        _operator(1, [mean, weights, -1], logits, "FullyConnectedOptions", schema.FullyConnectedOptionsT()),
        *(_operator(2, [logits], output, "SoftmaxOptions", softmax) for output in named),
    ]
    graph.inputs, graph.outputs = [picture], named
    model.subgraphs = [graph]
    signature = schema.SignatureDefT()
    signature.signatureKey = "serving_default"
    signature.inputs = [_named("picture", picture)]
    signature.outputs = [_named(name, index) for name, index in zip(outputs, named, strict=True)]
    model.signatureDefs = [signature]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _buffer(values: np.ndarray | None) -> schema.BufferT:
    made = schema.BufferT()
    if values is not None:
        made.data = np.frombuffer(values.tobytes(), np.uint8)
    return made


def _code(name: str) -> schema.OperatorCodeT:
    made = schema.OperatorCodeT()
    made.builtinCode = made.deprecatedBuiltinCode = getattr(schema.BuiltinOperator, name)
    made.version = 1
    return made


def _operator(code: int, inputs: list[int], output: int, kind: str, options: object) -> schema.OperatorT:
    made = schema.OperatorT()
    made.opcodeIndex, made.inputs, made.outputs = code, inputs, [output]
    made.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
    made.builtinOptions = options
    return made


def _named(name: str, index: int) -> schema.TensorMapT:
    made = schema.TensorMapT()
    made.name, made.tensorIndex = name, index
    return made
